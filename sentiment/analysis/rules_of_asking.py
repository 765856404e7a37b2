"""The rules for questions and requests."""

from __future__ import annotations

import re

from sentiment.analysis.rules import table

# Question: puts a question. A question mark is not enough: it has to end a sentence built as a
# question, none of the stock phrases that ask nothing ("who cares?", "..., right?"), and no
# sentence that its writer goes on to answer or to argue from at length, unless it asks for
# information. Whether an answer is wanted no rule can tell: about half of them want one.

QUESTION_MARKS = re.compile(r"\?(?![?\w\"'=&])")
SENTENCE_ENDS = re.compile(r"[.!?…]|\"")
ASKING = re.compile(
    r"^(?:(?:and|but|so|also|ok|okay|hi|hey|hello|question|wait|btw|well|guys"
    r"|wow)\b[:, ]*){0,3}(?:what|where|when|who|whose|which|how|is|are|was|were"
    r"|do|does|did|can|could|will|would|should|has|have|had|any|anyone|anybody)(?:'s"
    r"|'re|'d|'ll)?\b(?!')"
    r"|[,:] (?:what|where|when|who|which|how|is (?:it|this|that|there)|do you"
    r"|did you|does|can you|could you|have you|are you|would you|any)(?:'s|'re"
    r"|'d|'ll)?\b(?!')"
    r"|\b(?:how (?:do|did|does|much|many|long|old|often)|(?:do|did|does|can|could"
    r"|would|have|are|will) (?:you|u|anyone|anybody|someone)|where (?:can|do|did"
    r"|is|are)|what (?:is|are|was|do|did|does)|what's|which (?:one|app|song|is)"
    r"|when (?:is|will|does)|why (?:did|do|are) (?:you|u)|why (?:is|does|was|did) (?:it"
    r"|this|the))\b"
)
ASKING_NOTHING = re.compile(
    r"\b(?:who (?:cares|asked|else|also|knew|knows|needs|wants|would)|what (?:the"
    r"|did you expect|do you (?:expect|mean)|else|a|are you (?:even|talking|saying"
    r"|on about|waffling))|(?:anyone|anybody) (?:else|here|watching|still|in \d+"
    r"|20\d\d)|can you (?:imagine|even)|can't you|could you imagine|why (?:should"
    r"|would|are we|are people|everyone|am i|do people|not)|how (?:can|could|would"
    r"|dare|come|stupid|dumb|brainless|the|is it that|have i|did i|is (?:he|she) supposed)"
    r"|(?:are|do|don't) you (?:people|guys|even|all|not|see|realize|realise|serious"
    r"|kidding|stupid|blind|joking|crazy|mad|high|also|love|dumb|ok)|is every"
    r"|are people|you (?:do )?(?:know|realize|realise|are aware|call)|supposed to"
    r"|wtf|tf|hell|fuck\w*|shit\w*|bullshit|heck|stupid\w*|idiot\w*|dumb\w*|brain\w*"
    r"|moron\w*|clown\w*|fools?|lol|lmao|haha\w*|isn't it|have you no|or what"
    r"|would you like|what to do|may i|even|really|actually|ever seen|why do you need"
    r"|can we talk|did you (?:notice|know)|already|who's going to|nobody|no one)\b"
    r"|(?:, ?|\b(?:is|was|are) (?:it|that|he|she) )(?:right|yeah|eh|huh|no|yes|ok|then)$"
    r"|\bright$"
)
SEEKING = re.compile(
    r"\b(?:can|could|would|did|have) (?:you|u|someone|anyone)\b"
    r"|\bdo (?:you|u) (?:use|have|know|recommend|remember|plan|sell|like|prefer)\b"
    r"|\bhow (?:do|did|long|can|often|much time) (?:you|u|i|we|it|did)\b"
    r"|\bwhere (?:can|do|did)\b|\bwhich\b|\bwhat (?:is|was|are) (?:the|your)\b"
    r"|\bany(?:one|body)? (?:know|tips|advice|suggestions?|recommendations?)\b|\bquestion\b"
)
ASKING_WITHOUT_MARK = table(
    (
        "know knows",
        (
            r"\b(?:does|do|did) any(?:one|body)(?: else)? know\b"
            r"|^any(?:one|body) knows? (?:what|where|who|how|when|the)\b"
        ),
    ),
    (
        "name",
        r"\bwhat(?:'s| is) the name of\b|\bwhat is (?:this|that) song\b",
    ),
    (
        "where how",
        r"^where (?:can|do|did) (?:i|you|we)\b|^how (?:do|can|did) (?:i|you)\b",
    ),
    (
        "question",
        r"\b(?:i have a|my|quick) question\b",
    ),
    (
        "wondering",
        r"\b(?:i'm|i am|i was|just) (?:just )?wondering (?:if|what|how|where|which)\b",
    ),
)

# Request: asks the maker, a company or other readers to make, show, give or do something.

_PLEASE = r"(?:please|pl+ea+se+|pls+|plz+|kindly)"
_DO = (
    r"(?:do|make|post|upload|release|share|add|bring|give|show|hire|put|help|react"
    r"|review|cover|include|create|continue|fix|update|play|sing|tell|explain"
    r"|send|sell|consider|write|drop|change|teach|link|recommend|pray|keep us"
    r"|keep making|keep posting|leave|answer|list)"
)
REQUEST = table(
    (
        (
            "please pls plss plsss plssss plz plzz plzzz plzzzz kindly "
            "pleasee pleaseee pleaseeee pleaseeeee"
        ),
        (
            rf"\b{_PLEASE},? (?:can you |could you |just |also |more |someone )?{_DO}\b"
            r"|\b(?:more|another|part|tutorial|recipe|link|videos?|version|remix|series"
            rf"|season|review|details?|source)\b(?: [\w']+){{0,5}},? {_PLEASE}(?!\w)"
            rf"|\b{_PLEASE} (?:more|another|part \w+|a|an|some|videos?) (?:\w+ ){{0,2}}(?:videos?"
            r"|of|songs?|content|tutorials?|for)\b"
            rf"|\b(?:can|could|would|will) (?:you|u|someone)(?: [\w']+){{0,4}} {_PLEASE}(?!\w)"
        ),
    ),
    (
        "can could",
        (
            r"(?<!what )(?<!how )(?<!where )\b(?:can|could) (?:you|u|someone|anyone"
            r"|we)(?: all| also| possibly| just| maybe| perhaps| guys)? (?:please "
            r"|pls |plz )?(?:make|do (?:a|an|one|more|another|the|this)|post|upload"
            r"|share|show|give (?:us|me|a|some)|explain|help|add|link|recommend|release"
            r"|send|teach|cover|review|react|get (?:a|an|more))\b"
        ),
    ),
    (
        "need",
        (
            r"\bwe (?:really |all |also |still |just )?need (?:a |an |another |the "
            r"|more )?(?:\w+ )?(?:part (?:2|3|two|three|ii)|sequel|series|full version"
            r"|tutorial|remix|season|videos?|episodes?|extended version|live version)\b"
            r"|\bwe need to see (?:the|more|a)\b"
        ),
    ),
    (
        "would wuld d",
        (
            r"\b(?:i'd|i would|i wuld|we'd|we would|would) (?:really |absolutely "
            r"|also |so )?(?:love|like) (?:it if you|if you (?:could|would|did|made)"
            r"|to see (?:more|you (?:do|make|try)|an? (?:video|tutorial|version|part"
            r"|series|\w+ video))|an? (?:video|tutorial|part|\w+ (?:min|minute) )"
            r"|more (?:of|videos))"
        ),
    ),
    (
        "hope wish",
        (
            r"\bhope (?:that )?(?:you|u|they|to see you) (?:will |can |could |would "
            r"|also )?(?:post|make|do (?:a|an|more|another)|upload|release|create|consider|add)\b"
            r"|\bi wish (?:you|they|apple|youtube) (?:would|could|had (?:made|shown|included))\b"
        ),
    ),
    (
        "should",
        (
            r"\b(?:you|they|u) should (?:really |totally |definitely |also |so )?(?:make"
            r"|do|upload|post|release|cover|react to|sell|start) (?:an?|more|another"
            r"|the|one|this|it|some)\b"
        ),
    ),
    (
        "petition",
        r"\bpetition (?:for|to)\b",
    ),
    (
        "bring",
        r"^bring back\b|\bplease bring\b",
    ),
    not_after=(r"\b(?:allah|god|lord|jesus|oh|mary)\b[^.!?]{0,10}$"),
)
