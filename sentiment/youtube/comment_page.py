"""What a walk through a video's comments gives, page by page. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass

from sentiment.comments import Comment
from sentiment.youtube.budget import Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPage:
    """One page of a video's comments, or a part of it.

    A page comes in two parts where replies have to be asked for: as it was listed, then the
    replies. Both have its tokens.

    Attributes:
        comments: those that the walk has not yielded before, each top-level comment followed by
            its replies.
        updated: comments that the walk yielded before and that were edited meanwhile, as they
            are now.
        page_token: asked for this page; None is the first.
        next_page_token: asks for the page after this one; None on the last page.
        is_whole: whether nothing of the page is missing that could still be asked for; False for
            a first part. A walk that starts at `page_token` completes a page that is not.
        is_known: whether the caller holds all top-level comments of the page.
        is_failed: whether YouTube could not process a request for replies of the page, which it may
            do another time. A page can be whole all the same.
        replies_left_out: replies that YouTube counts but that were not asked for, or not given.
        units_spent: quota units of the walk so far, retries included.
        ending: why this is the last page of the walk; None when another part, another page or an
            error follows. The last one that a walk yields has an ending, unless an error ends it.
    """

    comments: tuple[Comment, ...] = ()
    updated: tuple[Comment, ...] = ()
    page_token: str | None
    next_page_token: str | None
    is_whole: bool
    is_known: bool = False
    is_failed: bool = False
    replies_left_out: int = 0
    units_spent: int
    ending: Ending | None = None
