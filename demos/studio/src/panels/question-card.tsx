import { useEffect, useRef } from 'preact/hooks';
import type { Question } from '../state/questions.ts';
import type { Studio } from '../state/studio.ts';

/** What a person is asked, over everything else; Escape gives it up. */
export function QuestionCard({ studio }: { studio: Studio }) {
  const question = studio.questions.current.value;
  return question === null ? null : <Card key={question.headline} question={question} />;
}

function Card({ question }: { question: Question }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      class="question"
      ref={dialog}
      aria-labelledby="question-headline"
      onCancel={(event) => {
        event.preventDefault();
        question.settle(null);
      }}
      // The keys of the page are not for what lies behind.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id="question-headline">{question.headline}</h2>
      <p class="soft">{question.explanation}</p>
      <div class="question-answers">
        {question.answers.map(({ value, label, hint }) => (
          <button type="button" class="question-answer" key={value} onClick={() => question.settle(value)}>
            <strong>{label}</strong>
            <span>{hint}</span>
          </button>
        ))}
      </div>
      <button type="button" class="button" onClick={() => question.settle(null)}>
        Cancel
      </button>
    </dialog>
  );
}
