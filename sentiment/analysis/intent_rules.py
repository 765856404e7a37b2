"""The rules by which intents are told, one table an intent: words that give a cue, and patterns.

A pattern is tried only on a comment that holds one of the cue words of its row, so that most
comments cost a look into a set. The patterns see what `sentiment.analysis.wording.plain` gives:
lower case, straight quotes, `http` for a link. They have no nested or adjoining unbounded
repeats, so none takes more than linear time on a hostile text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a table.

    Attributes:
        cues: words; the pattern is tried only on a comment that holds one of them.
        pattern: what has to be found.
        not_after: what spoils a find when the text before it ends so; None when nothing does.
    """

    cues: frozenset[str]
    pattern: re.Pattern[str]
    not_after: re.Pattern[str] | None


def _rules(rows: Mapping[str, str], not_after: str | None = None) -> tuple[Rule, ...]:
    spoils = re.compile(not_after) if not_after else None
    return tuple(
        Rule(frozenset(cues.split()), re.compile(pattern), spoils)
        for cues, pattern in rows.items()
    )


# Question: asks something that somebody could answer. A question mark is not enough: it has to
# end a sentence that is built as a question, and not one of the stock phrases that ask nothing.

QUESTION_MARKS = re.compile(r"\?(?![\w\"'=&])")
SENTENCE_ENDS = re.compile(r"[.!?…]|\"")
ASKING = re.compile(
    r"^(?:(?:and|but|so|also|ok|okay|hi|hey|hello|question|wait|btw|well|guys|wow)\b[:, ]*){0,3}"
    r"(?:what|where|when|who|whose|which|how|is|are|was|were|do|does|did|can|could|will|would"
    r"|should|has|have|had|any|anyone|anybody)(?:'s|'re|'d|'ll)?\b(?!')"
    r"|[,:] (?:what|where|when|who|which|how|is (?:it|this|that|there)|do you|did you|does"
    r"|can you|could you|have you|are you|would you|any)(?:'s|'re|'d|'ll)?\b(?!')"
    r"|\b(?:how (?:do|did|does|much|many|long|old|often)|(?:do|did|does|can|could|would|have"
    r"|are|will) (?:you|u|anyone|anybody|someone)|where (?:can|do|did|is|are)|what (?:is|are|was"
    r"|do|did|does)|what's|which (?:one|app|song|is)|when (?:is|will|does)"
    r"|why (?:did|do|are) (?:you|u)|why (?:is|does|was|did) (?:it|this|the))\b"
)
ASKING_NOTHING = re.compile(
    r"\b(?:who (?:cares|asked|else|also|knew|knows|needs|wants|would)|what (?:the|did you expect"
    r"|do you (?:expect|mean)|else|a|are you (?:even|talking|saying|on about|waffling))"
    r"|(?:anyone|anybody) (?:else|here|watching|still|in \d+|20\d\d)|can you (?:imagine|even)"
    r"|can't you|could you imagine|why (?:should|would|are we|are people|everyone|am i|do people"
    r"|not)|how (?:can|could|would|dare|come|stupid|dumb|brainless|the|is it that|have i|did i"
    r"|is (?:he|she) supposed)|(?:are|do|don't) you (?:people|guys|even|all|not|see|realize"
    r"|realise|serious|kidding|stupid|blind|joking|crazy|mad|high|also|love|dumb|ok)|is every"
    r"|are people|you (?:do )?(?:know|realize|realise|are aware|call)|supposed to|wtf|tf|hell|fuck\w*"
    r"|shit\w*|bullshit|heck|stupid\w*|idiot\w*|dumb\w*|brain\w*|moron\w*|clown\w*|fools?|lol|lmao|haha\w*|isn't it|have you no|or what|would you like|what to do"
    r"|reading not|is that understood|terrorists?|may i|even|really|actually|honest|ever seen"
    r"|why do you need|can we talk|did you (?:notice|know)|already"
    r"|who's going to|nobody|no one)\b"
    r"|(?:, ?|\b(?:is|was|are) (?:it|that|he|she) )(?:right|yeah|eh|huh|no|yes|ok|then)$|\bright$"
)
# Many a question that the writer goes on to answer, or to argue from, is asked for effect.
SEEKING = re.compile(
    r"\b(?:can|could|would|did|have) (?:you|u|someone|anyone)\b|\bdo (?:you|u) (?:use|have|know"
    r"|recommend|remember|plan|sell|like|prefer)\b|\bhow (?:do|did|long|can|often|much time) (?:you|u|i|we|it|did)\b"
    r"|\bwhere (?:can|do|did)\b|\bwhich\b|\bwhat (?:is|was|are) (?:the|your)\b|\bany(?:one|body)? (?:know|tips"
    r"|advice|suggestions?|recommendations?)\b|\bquestion\b"
)
ASKING_WITHOUT_MARK = _rules(
    {
        "know knows": r"\b(?:does|do|did) any(?:one|body)(?: else)? know (?:what|where|who|how|when"
        r"|which|if|the)\b|^any(?:one|body) knows? (?:what|where|who|how|when|the)\b",
        "name": r"\bwhat(?:'s| is) the name of\b|\bwhat is (?:this|that) song\b",
        "where how": r"^where (?:can|do|did) (?:i|you|we)\b|^how (?:do|can|did) (?:i|you)\b",
        "question": r"\b(?:i have a|my|quick) question\b",
        "wondering": r"\b(?:i'm|i am|i was|just) (?:just )?wondering (?:if|what|how|where|which)\b",
    }
)

# Request: asks the maker, a company or other readers to make, give, show or do something.

_PLEASE = r"(?:please|pl+ea+se+|pls+|plz+|kindly)"
_DO = (
    r"(?:do|make|post|upload|release|share|add|bring|give|show|hire|put|help|react|review|cover"
    r"|include|create|continue|fix|update|play|sing|tell|explain|send|sell|consider|write|drop"
    r"|change|teach|link|recommend|pray|keep us|keep making|keep posting|leave|answer|list)"
)
REQUEST = _rules(
    {
        "please pls plss plsss plz plzz kindly pleasee pleaseee pleaseeee": rf"\b{_PLEASE},? "
        rf"(?:can you |could you |just |also |more |someone )?{_DO}\b"
        rf"|\b(?:more|another|part|tutorial|recipe|link|videos?|version|remix|series|season|review"
        rf"|details?|source)\b(?: [\w']+){{0,5}},? {_PLEASE}(?!\w)"
        rf"|\b{_PLEASE} (?:more|another|part \w+|a|an|some|videos?) (?:\w+ ){{0,2}}(?:videos?|of"
        rf"|songs?|content|tutorials?|for)\b"
        rf"|\b(?:can|could|would|will) (?:you|u|someone)(?: [\w']+){{0,4}} {_PLEASE}(?!\w)",
        "can could": r"(?<!what )(?<!how )(?<!where )\b(?:can|could) (?:you|u|someone|anyone|we)"
        r"(?: all| also| possibly| just| maybe| perhaps| guys)? (?:please |pls |plz )?(?:make"
        r"|do (?:a|an|one|more|another|the|this)|post|upload|share|show|give (?:us|me|a|some)"
        r"|explain|help|add|link|recommend|release|send|teach|cover|review|react|get (?:a|an|more))\b",
        "need": r"\bwe (?:really |all |also |still |just )?need (?:a |an |another |the |more )?"
        r"(?:\w+ )?(?:part (?:2|3|two|three|ii)|sequel|series|full version|tutorial|remix|season"
        r"|videos?|episodes?|extended version|live version)\b|\bwe need to see (?:the|more|a)\b",
        "love like": r"\b(?:i'd|i would|i wuld|we'd|we would|would) (?:really |absolutely |also |so )?"
        r"(?:love|like) (?:it if you|if you (?:could|would|did|made)|to see (?:more|you (?:do|make"
        r"|try)|an? (?:video|tutorial|version|part|series|\w+ video))|an? (?:video|tutorial"
        r"|part|\w+ (?:min|minute) )|more (?:of|videos))",
        "hope wish": r"\bhope (?:that )?(?:you|u|they|to see you) (?:will |can |could |would |also )?"
        r"(?:post|make|do (?:a|an|more|another)|upload|release|create|consider|add)\b"
        r"|\bi wish (?:you|they|apple|youtube) (?:would|could|had (?:made|shown|included))\b",
        "should": r"\b(?:you|they|u) should (?:really |totally |definitely |also |so )?(?:make|do"
        r"|upload|post|release|cover|react to|sell|start) (?:an?|more|another|the|one|this|it|some)\b",
        "petition": r"\bpetition (?:for|to)\b",
        "bring": r"^bring back\b|\bplease bring\b",
    },
    # A prayer, a sneer ("oh please"), a plea to be told in jest.
    not_after=r"\b(?:allah|god|lord|jesus|oh|mary)\b[^.!?]{0,10}$",
)

# Praise: speaks well of, or thanks, the video, what it shows, or somebody.

PRAISE = _rules(
    {
        "amazing amazingly awesome gorgeous stunning brilliant fantastic wonderful incredible excellent "
        "phenomenal outstanding masterpiece legendary iconic talented delicious adorable "
        "magnificent breathtaking exquisite spectacular superb flawless lovely beautiful perfect "
        "beautifully perfection": r"\b(?:amazing(?:ly)?|awesome|gorgeous|stunning|brilliant|fantastic|incredible"
        r"|excellent|phenomenal|outstanding|masterpiece|legendary|iconic|talented|delicious"
        r"|adorable|magnificent|breathtaking|exquisite|spectacular|superb|flawless|perfection"
        r"|beautifully)\b"
        r"|\b(?:wonderful|lovely|beautiful|perfect)\b(?! (?:for introverts|storm|time|day|soul|dinner|life|week|night"
        r"|weekend|year|evening|world))",
        "love adore": r"\b(?:i|we) (?:really |just |absolutely |so |also |still |truly |freaking |always )?"
        r"(?:love|adore) (?:this|your|you|the|her|his|him|their|it|these|watching|everything)\b"
        r"|^(?:just |absolutely |really )?love (?:this|your|you|the|it|how|her|him|that)\b"
        r"|\blove (?:it|this|your videos?|this video|this song)(?: so much)?(?: ?[!❤😍🥰]|$)",
        "loved loving": r"\b(?:i |we |absolutely |really |just )?loved (?:this|it|the|every|your|her|his)\b"
        r"|\bloving (?:this|the|it)\b",
        "thank thanks thx ty": r"\b(?:thank(?:s|you| you| u)|thx) (?:so much|very much|a lot"
        r"|for (?!nothing|proving|admitting)|pam|everyone|sir|mam|ma'am|my|dear|both)"
        r"|^(?:thank(?:s| you| u)|thx|ty)[^\w]*$|\bmany thanks\b|\bthank you[!.❤🙏😊]",
        "great good well nice excellent": r"\bgreat (?:video|job|work|song|content|recipe|performance|tips?"
        r"|advice|channel|show|movie|film|actor|actress|singer|artist|explanation|tutorial|look"
        r"|voice|series|drama|workout|stuff|review)\b|\bgood (?:job|work|stuff|video)\b|\bwell done\b"
        r"|\bnice (?:work|job|video)\b|\b(?:so|very|really) (?:good|nice|well (?:made|done|spoken))\b"
        r"|\blook(?:s|ed)? (?:so |really |very )?(?:good|great|nice)\b",
        "best favorite favourite": r"\b(?:the|one of the|my|simply the) (?:\w+ )?best (?:\w+ )?(?:video|song"
        r"|movie|film|drama|show|channel|performance|workout|meditation|chef|singer|actor"
        r"|actress|series|artist|dress|dressed|part|one|ever|thing|recipe|look|of all time"
        r"|in the world)s?\b|\b(?:is|are|was|were|you're|she's|he's) the best\b(?! (?:way|to|thing to|we|option))"
        r"|\bmy (?:new |all time |absolute |most |personal )?favou?rite\b",
        "kudos props hats bravo shoutout congratulations congrats": r"\bkudos to\b|\bprops to\b|\bhats off\b"
        r"|^bravo\b|\bshout ?out to\b|\bcongrat(?:s|ulations)\b",
        "so": r"\b(?:is|are|was|were|looks?|it's|she's|he's|you're|they're|that's|this is) so (?:good|cute|beautiful|talented|pretty|funny|cool"
        r"|helpful|satisfying|relaxing|smart|calming|delicious|yummy|fun|inspiring|elegant)\b",
        "helpful informative useful inspiring": r"\b(?:very|super|so|really|extremely) (?:helpful|informative"
        r"|useful|inspiring)\b",
        "killed ate slayed nailed goat queen chills goosebumps underrated masterclass": r"\b(?:she|he|they|you) "
        r"(?:absolutely |just |really |literally )?(?:killed it|nailed it|slayed|ate (?:this|that|it|and))\b|\bthe goat\b|\bsuch a queen\b"
        r"|\b(?:gives?|gave|got|giving|have) (?:me )?(?:literal |the )?(?:chills|goosebumps)\b"
        r"|\b(?:so|most|criminally) underrated\b",
        "disappoint disappoints keep": r"\bnever disappoints?\b|\bkeep (?:it up|up the (?:good|great))\b",
    },
    not_after=r"(?:\b(?:not|never|no|nothing|without|less|hardly|isn|ain|would be|will be|could be"
    r"|would've been|should be|have an?|left an?|if|fake)\b|n't\b)[^.!?,]{0,14}$",
)
APPROVING_EMOJI = re.compile(r"(?:[😍🔥👏🥰💯👍🙌🤩👌][\ufe0f\U0001f3fb-\U0001f3ff]? ?)+")

# Complaint: finds fault with the video, its makers, or with what or whom it shows.

_BE = (
    r"(?:is|are|was|were|(?:it|that|he|she)'s|(?:they|you)'re|looks?|looked|sounds?|sounded|sounding"
    r"|feels?|been|what an?|such an?|^)"
)
_HOW = (
    r"(?: ?\b(?:an?|so|just|really|very|pretty|absolutely|actually|truly|honestly|kinda|too|fucking"
    r"|pure|utterly|completely|quite|super|extremely|all|total|complete|simply))"
)
COMPLAINT = _rules(
    {
        "waste wasted clickbait misleading": r"(?<!thought it was )(?<!thought it was just )(?<!just a )\b(?:a |total |complete |such a |what a )waste of (?:time|money|space|talent|resources)\b"
        r"|\bwasted (?:my|our) (?:time|money)\b|\bclick ?bait\b"
        r"|\bmisleading (?:title|thumbnail|info\w*|video|headline)\b",
        "worst": r"\b(?:the|their|his|her|its|absolute) (?:\w+ )?worst\b(?! (?:part is|day|thing that|case"
        r"|decision i|kind|of all was))",
        "terrible awful horrible disgusting disgraceful pathetic ridiculous annoying boring "
        "garbage trash lame cringe atrocious dreadful shameful unacceptable embarrassing "
        "overrated overpriced unwatchable useless disappointing insulting evil corrupt cruel "
        "sickening disrespectful tasteless hypocritical tacky heartless greedy biased bullshit": rf"(?:\b|(?=^)){_BE}{_HOW}{{0,4}} ?"
        r"\b(?:terrible|awful|horrible|disgusting|disgraceful|pathetic|ridiculous|annoying|boring"
        r"|garbage|trash|lame|cringe|atrocious|dreadful|shameful|unacceptable|embarrassing"
        r"|overrated|overpriced|unwatchable|useless|disappointing|insulting|evil|corrupt|cruel"
        r"|sickening|disrespectful|tasteless|hypocritical|tacky|heartless|greedy|biased|bullshit)\b"
        r"(?! (?:queen|eye|side|twin|villain|at|for|and (?:fantastic|amazing|hilarious|funny)|that you))",
        "liar fraud hypocrite hypocrites coward failure disaster idiot fool clown puppet": r"\b(?:is|are|he's|she's"
        rf"|what){_HOW}{{0,4}} (?:liar|fraud|hypocrite|coward|failure|disaster|idiot|fool|clown|puppet)s?\b",
        "disappointed disgrace shame ashamed": r"\b(?:so|really|very|extremely|i'm|i am|bit) disappointed\b"
        r"|\bdisappointed (?:in|by|with|that)\b|\b(?:what|is|was|such|absolute) (?:a |an )?(?:absolute |total )?"
        r"(?:disgrace|shame)\b|\bshame on\b|\bshould be (?:so )?ashamed\b",
        "joke mess scam ripoff letdown": r"\b(?:what|is|are|was|it's|such|this is) (?:a|an) (?:complete |total "
        r"|absolute |huge |hot |whole )?(?:joke|mess|scam|rip ?off|letdown)\b",
        "hear too ads": r"\b(?:can't|cannot|couldn't|can barely|could barely) (?:even )?hear (?:anything"
        r"|you|the|him|her|them|a thing)\b|\bmusic is (?:way |far |a bit )?too loud\b|\btoo many ads\b"
        r"|\b(?:is|was|are) (?:way |far |a bit )?too (?:loud|quiet)\b",
        "hate": r"\b(?:i|we) (?:really |just |absolutely |fucking |also )?hate (?:this|how|the (?:new|way|fact)|it when"
        r"|when|these|her|him|them)\b",
        "ruin ruins ruined ruining": r"\bruin(?:s|ed|ing) (?:the|this|it|everything|their|our|every|my)\b|\bruin (?:it|everything|this)\b",
        "bad": r"\b(?:is|are|was|were|it's|that's|looks?|sounds?) (?:just |so |really |very |actually |too )+bad\b(?! ass| news| at\b)"
        r"|^(?:this|that|it) (?:is|was) bad\b|\bbad (?:singers?|acting|audio|quality|design|idea)\b",
        "sick fed tired": r"\b(?:i'm|im|i am|we're|so|getting|are all) (?:so |really )?(?:sick|fed up|tired)(?: and tired)? (?:of|with)"
        r" (?!me\b|my\b|being\b|winning\b|pretending\b)",
        "unsubscribed unsubscribing unsubscribe": r"\bunsubscrib(?:ed|ing)\b",
        "dare sense": r"\bhow dare\b|\bmakes (?:absolutely )?no sense\b",
        "working work": r"\b(?:stopped working|(?:app|video|link|sound|audio|phone|site|feature|it) (?:doesn't|does not|didn't) work"
        r"|didn't work for me)\b(?! like| that way| if)",
        "asked": r"\b(?:nobody|no one) asked for\b",
        "like enjoy fan impressed": r"\b(?:i|we) (?:really )?(?:don't|do not|didn't|did not) (?:really |even )?(?:like|enjoy)"
        r" (?:the|this|that|it|how|her|his|their)\b|\bnot (?:really )?impressed\b",
        "sucks sucked": r"\b(?:this|that|he|she|they|you|song|movie|video|film|acting|audio|quality)(?: really| just| so)? suck(?:s|ed)?\b",
    },
    not_after=r"(?:\b(?:not|never|no|nothing|isn|ain|if|i'm|i was|i am|i feel|i look|less|pretending|mid"
    r"|how is|how are)\b|n't\b(?! work| like| enjoy))[^.!?,]{0,14}$",
)

# Spam: steers readers to the writer's channel, shop, adviser or contact. What else such a
# comment says ("I love your videos") is bait, so it carries no other intent.

_OWN = (
    r"(?:channel|chanel|chann?els|videos?|vids?|vidios?|music|page|songs?|covers?|blog|website"
    r"|site|profile|mixtape|store|shop|instagram|insta|stream|playlist|etsy|youtube|yt)"
)
SPAM = _rules(
    {
        "my our": rf"\b(?:check(?:ing)?|look(?:ing)?|visit|view|watch|listen|see|go|come|follow|support"
        rf"|subscribe|sub|join)\b[^.?!]{{0,25}}\b(?:my|our) (?:\w+ ){{0,2}}{_OWN}\b",
        "subscribe sub subs sub4sub subscribers subscriber": r"\bsub(?:scribe)? ?(?:4|for) ?sub|\bsub4sub\b|\bsub(?:scribe)? (?:to|on) (?:me|my)\b"
        r"|\bsubscribe (?:me|and i|i'll|back)\b|\bneed (?:more )?sub(?:scriber)?s\b"
        r"|\b(?:please|pls|plz) sub(?:scribe)?\b|\bsubscribe (?:if you|for me)\b"
        r"|\b(?:if i get|at|help me (?:get|reach|hit)) \d+k? sub",
        "youtube": r"\b(?:check out|take a look at) this (?:video|playlist) on youtube\b",
        "http": r"^\W*(?:[\w']+\W+){0,3}http\W*(?:[\w']+\W*){0,3}$|\b(?:click|visit|join|sign up|free"
        r"|earn|win|buy|order|shop|discount|promo|follow|download|donate|vote)\b[^.?!]{0,60}"
        r"\bhttp\b|\bhttp\W+(?:click|visit|join|follow|check|free)\b",
        "comment": r"^\W*like this comment\b",
        "follow": r"\bfollow me (?:on|at)\b|\b(?:please|pls|plz) follow (?:me|this channel)\b",
        "money": r"\b(?:earn|make|making|earning) (?:\w+ )?money (?:online|from home|fast|by internet)\b"
        r"|\b(?:earn|free) (?:\w+ )?money\b[^.?!]{0,40}\bhttp\b",
        "gofundme gift": r"\bgofundme\b|\bfree gift ?cards?\b",
        "whatsapp telegram": r"\b(?:on|via|her|his|my|our|through|at) (?:whatsapp|telegram)\b|\b(?:whatsapp|telegram)\W{0,4}\d",
        "advlsor advlsors advis0r advis0rs advisr adviser advisers advisor advisors cfa advisory broker brokerage": r"\badv(?:lsor|is0r|isr)s?\b"
        r"|\b(?:my|your|her|recommend a|recommend an|brokerage|get a) (?:financial |investment |brokerage |fiduciary )?(?:advis[oe]rs?|cfa|broker)\b"
        r"|\brole of (?:financial )?advis[oe]rs\b|\badvisory service\b",
        "portfolio investing investment consulting financial invest markets finance returns": r"\b(?:expert|professional|manage|managing"
        r"|managers?|rebalance|reshape)\b[^.?!]{0,50}\bportfolio\b|\bportfolio managers?\b|\bbackground in investing\b"
        r"|\bconsulting page\b|\bfinancial (?:market )?expert(?:ise)?\b"
        r"|\bmy (?:[\w$]+ )?portfolio\b[^.?!]{0,40}(?:\bdown\b|\bgrown\b|\badvi[cs]e\b|%|\$\d)",
        "name web her him page looked": r"\bsearched (?:\w+ ){0,3}(?:by )?(?:her|his) (?:full )?name\b"
        r"|\b(?:looked|look) (?:her|him) up\b|\b(?:looked|searched) (?:her|his) (?:web ?site|web ?page|name)\b",
    }
)
BRANDS = re.compile(r"\*[\s_]?[a-z]{2,10}(?:lux[a-z]{0,5}|dup[a-z]{0,2}|bags)[\s_]?\*")
