"""The rules for praise and complaints."""

from __future__ import annotations

import re

from sentiment.analysis.rules import table

# Praise: speaks well of, or thanks, the video, what it shows, or somebody.

PRAISE = table(
    (
        (
            "amazing amazingly awesome gorgeous stunning brilliant fantastic wonderful incredible "
            "excellent phenomenal outstanding masterpiece legendary iconic talented delicious "
            "adorable magnificent breathtaking exquisite spectacular superb flawless lovely "
            "beautiful perfect beautifully perfection"
        ),
        (
            r"\b(?:amazing(?:ly)?|awesome|gorgeous|stunning|brilliant|fantastic|incredible"
            r"|excellent|phenomenal|outstanding|masterpiece|legendary|iconic|talented"
            r"|delicious|adorable|magnificent|breathtaking|exquisite|spectacular|superb"
            r"|flawless|perfection|beautifully)\b"
            r"|\b(?:wonderful|lovely|beautiful|perfect)\b(?! (?:storm|time|day|soul"
            r"|dinner|life|week|night|weekend|year|evening|world))"
        ),
    ),
    (
        "love adore",
        (
            r"\b(?:i|we) (?:really |just |absolutely |so |also |still |truly |freaking "
            r"|always )?(?:love|adore) (?:this|your|you|the|her|his|him|their|it|these"
            r"|watching|everything)\b"
            r"|^(?:just |absolutely |really )?love (?:this|your|you|the|it|how|her|him|that)\b"
            r"|\blove (?:it|this|your videos?|this video|this song)(?: so much)?(?: ?[!❤😍🥰]|$)"
        ),
    ),
    (
        "loved loving",
        (
            r"\b(?:i |we |absolutely |really |just )?loved (?:this|it|the|every|your|her|his)\b"
            r"|\bloving (?:this|the|it)\b"
        ),
    ),
    (
        "thank thanks thankyou thx ty",
        (
            r"\b(?:thank(?:s|you| you| u)|thx) (?:so much|very much|a lot|for (?!nothing"
            r"|proving|admitting)|everyone|sir|mam|ma'am|my|dear|both)"
            r"|^(?:thank(?:s| you| u)|thx|ty)[^\w]*$|\bmany thanks\b|\bthank you[!.❤🙏😊]"
        ),
    ),
    (
        "great good well nice excellent",
        (
            r"\bgreat (?:video|job|work|song|content|recipe|performance|tips?|advice"
            r"|channel|show|movie|film|actor|actress|singer|artist|explanation|tutorial"
            r"|look|voice|series|drama|workout|stuff|review)\b|\bgood (?:job|work|stuff|video)\b"
            r"|\bwell done\b|\bnice (?:work|job|video)\b"
            r"|\b(?:so|very|really) (?:good|nice|well (?:made|done|spoken))\b"
            r"|\blook(?:s|ed)? (?:so |really |very )?(?:good|great|nice)\b"
        ),
    ),
    (
        "best favorite favourite",
        (
            r"\b(?:the|one of the|my|simply the) (?:\w+ )?best (?:\w+ )?(?:video|song"
            r"|movie|film|drama|show|channel|performance|workout|meditation|chef|singer"
            r"|actor|actress|series|artist|dress|dressed|part|one|ever|thing|recipe"
            r"|look|of all time|in the world)s?\b"
            r"|\b(?:is|are|was|were|you're|she's|he's) the best\b(?! (?:way|to|thing to"
            r"|we|option))|\bmy (?:new |all time |absolute |most |personal )?favou?rite\b"
        ),
    ),
    (
        "kudos props hats bravo shout shoutout congratulations congrats",
        (
            r"\bkudos to\b|\bprops to\b|\bhats off\b|^bravo\b|\bshout ?out to\b"
            r"|\bcongrat(?:s|ulations)\b"
        ),
    ),
    (
        "so",
        (
            r"\b(?:is|are|was|were|looks?|it's|she's|he's|you're|they're|that's|this is) so (?:good"
            r"|cute|beautiful|talented|pretty|funny|cool|helpful|satisfying|relaxing"
            r"|smart|calming|delicious|yummy|fun|inspiring|elegant)\b"
        ),
    ),
    (
        "helpful informative useful inspiring",
        r"\b(?:very|super|so|really|extremely) (?:helpful|informative|useful|inspiring)\b",
    ),
    (
        "killed ate slayed nailed goat queen chills goosebumps underrated",
        (
            r"\b(?:she|he|they|you) (?:absolutely |just |really |literally )?(?:killed it"
            r"|nailed it|slayed|ate (?:this|that|it|and))\b|\bthe goat\b|\bsuch a queen\b"
            r"|\b(?:gives?|gave|got|giving|have) (?:me )?(?:literal |the )?(?:chills"
            r"|goosebumps)\b|\b(?:so|most|criminally) underrated\b"
        ),
    ),
    (
        "disappoint disappoints keep",
        r"\bnever disappoints?\b|\bkeep (?:it up|up the (?:good|great))\b",
    ),
    not_after=(
        r"(?:\b(?:not|never|no|nothing|without|less|hardly|isn|ain|would be|will be"
        r"|could be|would've been|should be|have an?|left an?|if|fake)\b|n't\b)[^.!?,]{0,14}$"
    ),
)
APPROVING_EMOJI = re.compile(r"(?:[😍🔥👏🥰💯👍🙌🤩👌][\ufe0f\U0001f3fb-\U0001f3ff]? ?)+")

# Complaint: finds fault with the video, its makers, or with what or whom it shows.

_BE = (
    r"(?<!\bi )(?:is|are|was|were|(?:it|that|he|she)'s|(?:they|you)'re|looks?|looked|sounds?"
    r"|sounded|sounding|feels?|been|what an?|such an?|^)"
)
_HOW = (
    r"(?: ?\b(?:an?|so|just|really|very|pretty|absolutely|actually|truly|honestly"
    r"|kinda|too|fucking|pure|utterly|completely|quite|super|extremely|all|total"
    r"|complete|simply))"
)
COMPLAINT = table(
    (
        "waste wasted clickbait misleading",
        (
            r"(?<!thought it was )(?<!thought it was just )(?<!just a )\b(?:a |total "
            r"|complete |such a |what a )waste of (?:time|money|space|talent|resources)\b"
            r"|\bwasted (?:my|our) (?:time|money)\b|\bclick ?bait\b"
            r"|\bmisleading (?:title|thumbnail|info\w*|video|headline)\b"
        ),
    ),
    (
        "worst",
        (
            r"\b(?:the|their|his|her|its|absolute) (?:\w+ )?worst\b(?! (?:part is"
            r"|day|thing that|case|decision i|kind|of all was))"
        ),
    ),
    (
        (
            "terrible awful horrible disgusting disgraceful pathetic ridiculous annoying boring "
            "garbage trash lame cringe atrocious dreadful shameful unacceptable embarrassing "
            "overrated overpriced unwatchable useless disappointing insulting evil corrupt cruel "
            "sickening disrespectful tasteless hypocritical tacky heartless greedy biased bullshit"
        ),
        (
            rf"(?:\b|(?=^)){_BE}{_HOW}{{0,4}} ?\b(?:terrible|awful|horrible|disgusting"
            r"|disgraceful|pathetic|ridiculous|annoying|boring|garbage|trash|lame"
            r"|cringe|atrocious|dreadful|shameful|unacceptable|embarrassing|overrated"
            r"|overpriced|unwatchable|useless|disappointing|insulting|evil|corrupt"
            r"|cruel|sickening|disrespectful|tasteless|hypocritical|tacky|heartless"
            r"|greedy|biased|bullshit)\b(?! (?:queen|eye|side|twin|villain|at|for"
            r"|and (?:fantastic|amazing|hilarious|funny)|that you))"
        ),
    ),
    (
        (
            "liar fraud hypocrite hypocrites coward cowards failure disaster idiot idiots "
            "fool fools clown clowns puppet"
        ),
        (
            rf"\b(?:is|are|he's|she's|what){_HOW}{{0,4}} (?:liar|fraud|hypocrite|coward"
            r"|failure|disaster|idiot|fool|clown|puppet)s?\b"
        ),
    ),
    (
        "disappointed disgrace shame ashamed",
        (
            r"\b(?:so|really|very|extremely|i'm|i am|bit) disappointed\b"
            r"|\bdisappointed (?:in|by|with|that)\b"
            r"|\b(?:what|is|was|such|absolute) (?:a |an )?(?:absolute |total )?(?:disgrace"
            r"|shame)\b|\bshame on\b|\bshould be (?:so )?ashamed\b"
        ),
    ),
    (
        "joke mess scam ripoff letdown",
        (
            r"\b(?:what|is|are|was|it's|such|this is) (?:a|an) (?:complete |total "
            r"|absolute |huge |hot |whole )?(?:joke|mess|scam|rip ?off|letdown)\b"
        ),
    ),
    (
        "hear too ads",
        (
            r"\b(?:can't|cannot|couldn't|can barely|could barely) (?:even )?hear (?:anything"
            r"|you|the|him|her|them|a thing)\b|\bmusic is (?:way |far |a bit )?too loud\b"
            r"|\btoo many ads\b|\b(?:is|was|are) (?:way |far |a bit )?too (?:loud|quiet)\b"
        ),
    ),
    (
        "hate",
        (
            r"\b(?:i|we) (?:really |just |absolutely |fucking |also )?hate (?:this"
            r"|how|the (?:new|way|fact)|it when|when|these|her|him|them)\b"
        ),
    ),
    (
        "ruin ruins ruined ruining",
        (
            r"\bruin(?:s|ed|ing) (?:the|this|it|everything|their|our|every|my)\b"
            r"|\bruin (?:it|everything|this)\b"
        ),
    ),
    (
        "bad",
        (
            r"\b(?:is|are|was|were|it's|that's|looks?|sounds?) (?:just |so |really "
            r"|very |actually |too )+bad\b(?! ass| news| at\b)|^(?:this|that|it) (?:is|was) bad\b"
            r"|\bbad (?:singers?|acting|audio|quality|design|idea)\b"
        ),
    ),
    (
        "sick fed tired",
        (
            r"\b(?:i'm|im|i am|we're|so|getting|are all) (?:so |really )?(?:sick|fed up"
            r"|tired)(?: and tired)? (?:of|with) (?!me\b|my\b|being\b|winning\b|pretending\b)"
        ),
    ),
    (
        "unsubscribed unsubscribing unsubscribe",
        r"\bunsubscrib(?:ed|ing)\b",
    ),
    (
        "dare sense",
        r"\bhow dare\b|\bmakes (?:absolutely )?no sense\b",
    ),
    (
        "working work",
        (
            r"\b(?:stopped working|(?:app|video|link|sound|audio|phone|site|feature"
            r"|it) (?:doesn't|does not|didn't) work|didn't work for me)\b(?! like| that way| if)"
        ),
    ),
    (
        "asked",
        r"\b(?:nobody|no one) asked for\b",
    ),
    (
        "like enjoy fan impressed",
        (
            r"\b(?:i|we) (?:really )?(?:don't|do not|didn't|did not) (?:really |even )?(?:like"
            r"|enjoy) (?:the|this|that|it|how|her|his|their)\b|\bnot (?:really )?impressed\b"
        ),
    ),
    (
        "suck sucks sucked",
        (
            r"\b(?:this|that|he|she|they|you|song|movie|video|film|acting|audio|quality)(?: really"
            r"| just| so)? suck(?:s|ed)?\b"
        ),
    ),
    not_after=(
        r"(?:\b(?:not|never|no|nothing|isn|ain|if|i'm|i was|i am|i feel|i look"
        r"|less|pretending|mid|how is|how are)\b|n't\b(?! work| like| enjoy))[^.!?,]{0,14}$"
    ),
)
