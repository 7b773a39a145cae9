"""Which stretches of time the words name, however they are written and from whichever side.

Ways of writing propose spans of words (`ways`), the longest at each place is kept (`reader`), each
gets its year (`dating`), and they are put together (`composing`): a list, a stretch, a running
total.
"""

from handlers.reading.periods.named import Named
from handlers.reading.periods.numerals import spoken_year
from handlers.reading.periods.reader import PeriodReader

__all__ = ["Named", "PeriodReader", "spoken_year"]
