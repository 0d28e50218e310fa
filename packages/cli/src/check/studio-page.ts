import { CommandError } from '../failure.ts';
import type { Place } from '../stack/place.ts';
import type { Studio } from '../stack/studio-server.ts';

/** Asks for what a browser would, and for what a stranger's page must not get. Answers the page's size in bytes. */
export async function checkStudioPage(studio: Studio, place: Place): Promise<number> {
  const link = studio.links.builder ?? '';
  const page = await fetch(link);
  const html = await page.text();
  const entry = /<script[^>]*\bsrc="(\/[^"@][^"]*)"/.exec(html)?.[1];
  if (!page.ok || entry === undefined) throw failed(`${link} is not the studio (status ${page.status}).`);
  const script = await fetch(new URL(entry, link));
  if (!script.ok || !/javascript/.test(script.headers.get('content-type') ?? '')) {
    throw failed(`The studio's program ${entry} cannot be had (status ${script.status}).`);
  }
  const session = new URL('/session/builder.json', link);
  const own = await fetch(session, { headers: { 'sec-fetch-site': 'same-origin' } });
  if (!(await own.text()).includes(place.builder.token)) throw failed('The studio gets no session.');
  const stranger = await fetch(session, { headers: { 'sec-fetch-site': 'cross-site' } });
  if (stranger.status !== 403) throw failed('A page of another origin could read the session.');
  return html.length;
}

function failed(message: string): CommandError {
  return new CommandError('check-failed', message);
}
