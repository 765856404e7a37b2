"""The page of a rehearsal: commands look like commands, and nothing told becomes markup."""

from __future__ import annotations

from sentiment.rehearsal.page import render_page
from sentiment.rehearsal.story import Story


def test_commands_are_marked_and_what_is_told_is_text() -> None:
    story = Story()
    with story.act("An act"):
        story.tell("`sentiment retrain <b>` starts & <script>ends</script>")
    page = render_page(story, size="small")
    assert "<code>sentiment retrain &lt;b&gt;</code> starts &amp;" in page
    assert "<script>" not in page
