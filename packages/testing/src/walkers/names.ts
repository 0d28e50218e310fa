/** Who walks: a hundred names that people have, as names of accounts. */
export const WALKER_NAMES: readonly string[] = (
  'ada aiko alma amir anouk arjun asta bao bela bianca bo bruno camila carl chidi clara dara diego dina ' +
  'edda eero elif emil ewa farah felix fiona freya gita goran greta hana hugo ida ines ivo jada jan joao juna jonas kaia kalle ' +
  'kofi lars leila lena liam lina lior livia luca luz mai malik mara marek mei mila mina mio nadia nils noor nour oksana olu omar ' +
  'otto paolo petra pia priya quinn rafa ravi remy rosa ruben saga samir sana selma sena sofia sora tamar tariq teo thea tomas uma vera ' +
  'vito wanda yara yuki zane zoe'
).split(' ');
