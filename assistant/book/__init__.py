"""The printed book: the same groups, codes, order and answers as on the screen, for when there is no power."""

from assistant.book.binding import BookOrder, NoSuchGroup, book_html
from assistant.book.printing import NotPrinted, find_browser, print_pdf
from assistant.book.style import PAPERS, SIZES_PT

__all__ = ["PAPERS", "SIZES_PT", "BookOrder", "NoSuchGroup", "NotPrinted", "book_html", "find_browser", "print_pdf"]
