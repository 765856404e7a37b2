"""The phrases from which made-up comments are put together, by label and by slot.

Pure data: no code, no import of ours but the label. A name in braces is a slot; `SLOTS` says
what may fill it, `sentiment.corpora.synthetic` fills the numeric ones.
"""

from __future__ import annotations

from collections.abc import Mapping

from sentiment.labels import Label

# One phrase a line would hide the tables.
# fmt: off
SLOTS: Mapping[str, tuple[str, ...]] = {
    "thing": (
        "video", "song", "tutorial", "review", "edit", "episode", "trailer", "intro", "ending",
        "explanation", "beat", "voice", "camera work", "soundtrack", "chorus", "story", "build",
        "recipe", "interview", "documentary", "match", "live version", "remix", "vlog", "acting",
        "animation", "guitar solo", "thumbnail", "script", "commentary",
    ),
    "person": (
        "this guy", "the singer", "the host", "the drummer", "the editor",
        "the narrator", "your dog", "this channel", "the whole team", "the guest", "grandma",
    ),
    "topic": (
        "the battery", "the new update", "part two", "the old format", "the second half",
        "chapter 3", "the free version", "the lyrics", "the tour", "the price", "the camera",
        "the 2019 model", "the deleted scene", "the subtitles", "the engine", "the last season",
    ),
    "good": (
        "amazing", "beautiful", "brilliant", "so good", "incredible", "awesome", "perfect",
        "hilarious", "underrated", "fantastic", "gorgeous", "super helpful", "a masterpiece",
        "on another level", "pure gold", "so wholesome", "fire", "goated", "top tier",
        "exactly what i needed", "really well made", "great",
    ),
    "bad": (
        "boring", "terrible", "awful", "so bad", "painful to watch", "overrated", "garbage",
        "misleading", "annoying", "a waste of time", "cringe", "trash", "disappointing",
        "way too long", "a total mess", "horrible", "unwatchable", "mid at best", "lazy",
        "full of mistakes", "clickbait", "worse than the last one",
    ),
    "feeling": (
        "made my day", "gave me chills", "made me cry happy tears", "saved my exam",
        "got me through a hard week", "made me smile", "brings back so many good memories",
        "deserves a million views", "never gets old", "is why i love this channel",
    ),
    "complaint": (
        "ruined it for me", "made me close the tab", "put me to sleep", "gave me a headache",
        "wasted ten minutes of my life", "makes no sense at all", "is why i unsubscribed",
        "just made me angry", "feels like an ad", "keeps getting worse",
    ),
    "praise_tail": (
        "keep it up", "subscribed", "thank you so much", "more of this please", "respect",
        "can't wait for the next one", "love from {place}", "instant like", "no notes",
        "watched it {count} times already", "you earned a sub",
    ),
    "moan_tail": (
        "do better", "unsubscribed", "what happened to this channel", "never again",
        "i want my time back", "smh", "such a shame", "thumbs down", "stop doing this",
        "i expected more", "not coming back",
    ),
    "plain_tail": (
        "just asking", "anyone know", "asking for a friend", "greetings from {place}", "btw",
        "for those wondering", "correct me if i'm wrong", "source: wikipedia", "edit: typo",
    ),
    "opener": (
        "ok", "honestly", "ngl", "bro", "wow", "lol", "tbh", "so", "man", "guys",
        "not gonna lie", "i mean", "well", "imo", "dude", "yo", "hey", "alright",
    ),
    "place": (
        "brazil", "india", "germany", "the philippines", "texas", "nigeria", "poland", "japan",
        "mexico", "indonesia", "canada", "egypt", "australia", "kenya", "norway",
    ),
    "joy": (
        "😂", "❤️", "🔥", "😍", "🙌", "💯", "👏", "🥰", "🎉", "👍🏽", "😭❤️", "✨", ":)", "<3",
    ),
    "anger": (
        "😡", "👎", "🤦", "😒", "🤮", "💀", "🙄", "😤", "🤡", ":(", "😑",
    ),
    "shrug": (
        "🤔", "👀", "🙋", "📌", "🍿", "😅", "👋",
    ),
}

TEMPLATES: Mapping[Label, tuple[str, ...]] = {
    Label.POSITIVE: (
        "this {thing} is {good}", "the {thing} was {good}", "i love this {thing}",
        "i love how {person} did the {thing}", "{person} is {good}", "this {thing} {feeling}",
        "{topic} {feeling}", "the {thing} at {time} is {good}", "{time} {feeling}",
        "not bad at all, the {thing} is {good}", "never been disappointed by {person}",
        "i can't stop watching this {thing}", "didn't expect this {thing} to be {good}",
        "best {thing} i have seen since {year}", "thank you for this {thing}, it {feeling}",
        "wish i had found this {thing} earlier, {good}",
        "{person} never disappoints, {thing} is {good}",
        "came for {topic}, stayed because the {thing} is {good}",
        "nobody explains {topic} better than {person}",
        "who else thinks this {thing} is {good}? ",
        "{topic} looked hard until i saw this {thing}, thanks",
        "i'm not crying, this {thing} is just {good}",
    ),
    Label.NEGATIVE: (
        "this {thing} is {bad}", "the {thing} was {bad}", "i hate this {thing}",
        "i don't like the {thing} at all", "{person} is {bad}", "this {thing} {complaint}",
        "{topic} {complaint}", "the {thing} at {time} is {bad}", "{time} {complaint}",
        "not good, the {thing} is {bad}", "wasn't impressed by {person}",
        "i couldn't finish this {thing}", "expected a good {thing}, got something {bad}",
        "worst {thing} i have seen since {year}", "oh great, another {thing} that is {bad}",
        "yeah sure, {count} minutes of ads and the {thing} is still {bad}",
        "wow what a surprise, {topic} {complaint}",
        "{person} used to be good, now the {thing} is {bad}",
        "why would anyone make {topic} like this? {bad}", "nobody asked for this {thing}, {bad}",
        "i'm sorry but the {thing} {complaint}", "the {thing} is too loud and {person} is {bad}",
    ),
    Label.NEUTRAL: (
        "first!", "first! before {count} views", "who is watching this {thing} in {year}?",
        "what is the name of the song at {time}?", "where can i find the {thing} from {time}?",
        "does {topic} work with the {thing}?", "is {topic} the same as in {year}?",
        "{time} the {thing} starts here", "{time} intro {time} {topic} {time} {thing}",
        "the {thing} came out in {year}", "{topic} was filmed in {place}",
        "i watched the {thing} in {year} in {place}", "@{handle} what do you mean by {topic}?",
        "@{handle} the {thing} is at {time}", "can you make a {thing} about {topic}?",
        "check the {thing} here {link}", "i uploaded my own {thing}, link: {link}",
        "win a free phone, click {link} and enter code {count}",
        "here from {place}, number {count}", "which {thing} did you use for {topic}?",
        "part {count} of the {thing} is on {link}",
        "he says {topic} at {time}, she says the {thing}", "anyone here from {place}?",
        "comment {count}",
    ),
}

REPLIES: Mapping[Label, tuple[str, ...]] = {
    Label.POSITIVE: (
        "so true, the {thing} is {good}", "agreed, it {feeling}", "thanks, that {feeling}",
        "haha yes, {person} is {good}", "you're right, {topic} is {good}",
        "congrats, great comment about the {thing}",
    ),
    Label.NEGATIVE: (
        "no it isn't, the {thing} is {bad}", "disagree, it {complaint}",
        "are you serious? {person} is {bad}", "exactly, {topic} {complaint}",
        "stop defending this, it is {bad}", "same, i don't like the {thing} either",
    ),
    Label.NEUTRAL: (
        "which {thing} do you mean?", "it is at {time}", "since {year} i think",
        "{topic}, i believe", "look at {link}", "same question about {topic}",
        "he means the {thing}", "i'm in {place} too", "it was {count}, not {count}",
    ),
}

EMOJI_ONLY: Mapping[Label, tuple[str, ...]] = {
    Label.POSITIVE: SLOTS["joy"],
    Label.NEGATIVE: SLOTS["anger"],
    Label.NEUTRAL: SLOTS["shrug"],
}

OTHER_LANGUAGES: Mapping[Label, tuple[str, ...]] = {
    Label.POSITIVE: (
        "Me encanta este video, saludos desde {place}, lo mejor de {year}",
        "Qué hermosa canción, gracias por subirla, la escucho desde {year}",
        "Das ist wirklich ein wunderschönes Video, vielen Dank dafür, Gruß {handle}",
        "J'adore cette vidéo, merci beaucoup pour le travail, minute {time}",
        "Muito bom esse vídeo, parabéns pelo trabalho, já assisti {count} vezes",
        "बहुत अच्छा वीडियो है, धन्यवाद भाई {count}",
        "Очень красивая песня, спасибо большое, {time} лучший момент",
        "この動画は本当に素晴らしいです、ありがとうございます {time}",
        "فيديو رائع جدا شكرا لك من القلب {year}",
        "Harika bir video olmuş, emeğinize sağlık, {year}",
    ),
    Label.NEGATIVE: (
        "No me gusta nada este video, es una pérdida de tiempo, {time}",
        "Qué aburrido, no lo terminé, me fui en el minuto {time}",
        "Das Video ist leider richtig schlecht geworden, ab {time} nur Werbung",
        "Cette vidéo est nulle, je suis très déçu depuis {year}",
        "Que vídeo ruim, perdi meu tempo, {count} minutos de propaganda",
        "यह वीडियो बिल्कुल बेकार है, समय बर्बाद {count}",
        "Ужасное видео, зря потратил время, {time} дальше не смотрел",
        "この動画はつまらないし長すぎます {time}",
        "فيديو سيء جدا ومضيعة للوقت {year}", "Çok kötü bir video, hiç beğenmedim, {year}",
    ),
    Label.NEUTRAL: (
        "¿Cómo se llama la canción del minuto {time}?",
        "¿Alguien de {place} viendo esto en {year}?",
        "Weiß jemand, wie das Lied bei {time} heißt?",
        "Quelqu'un connaît le titre de la musique à {time} ?",
        "Alguém sabe o nome da música em {time}?", "कोई बता सकता है {time} पर कौन सा गाना है?",
        "Как называется песня на {time}?", "{time}の曲の名前は何ですか",
        "ما اسم الأغنية في الدقيقة {time}؟", "{time} dakikadaki şarkının adı ne?",
    ),
}
# fmt: on
