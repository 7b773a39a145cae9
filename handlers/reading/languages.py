"""Whether a text is about the language of answers, and which one is asked for."""

from __future__ import annotations

from handlers.mood import Mood
from handlers.reading.requests import RequestReader, places_of
from handlers.reading.words import Found, Lexicon, Words
from locales.vocabulary import Vocabulary


class LanguageReader:
    """Reads with a vocabulary; a language that is only named is no switch."""

    def __init__(self, vocabulary: Vocabulary, requests: RequestReader) -> None:
        self._requests = requests
        self._names = Lexicon(vocabulary.languages)
        self._switching = Lexicon(
            {"switch": (*vocabulary.switching, *vocabulary.wants["settings"])}, loose=True
        )

    def is_about(self, words: Words) -> bool:
        """Tell whether nothing is said but of a language: no "điểm thi tiếng Anh"."""
        said = places_of((*self._said(words), *self._requests.marks(words.row)))
        return len(said) == len(words)

    def asked(self, text: str, words: Words) -> str | None:
        """Give the language that is asked for; None where it is only spoken of."""
        names = words.find(self._names)
        if not names or self._mood(text, words) is not Mood.REQUEST:
            return None
        return names[-1].group

    def _mood(self, text: str, words: Words) -> Mood:
        said = self._said(words)
        return self._requests.mood(text, words, said[0], deeds=said)

    def _said(self, words: Words) -> tuple[Found, ...]:
        """The languages and the words of switching, but for the "qua" of "hôm qua"."""
        marks = self._requests.marks(words.row)
        longer = places_of(mark for mark in marks if mark.end - mark.start > 1)
        switching = [each for each in words.find(self._switching) if each.start not in longer]
        return tuple(sorted((*words.find(self._names), *switching), key=lambda each: each.start))
