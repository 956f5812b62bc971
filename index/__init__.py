"""Two-sided retrieval: documents in, verbatim excerpts for and against out.

A synchronous library. It knows nothing of Telegram, tokens or event loops. Data walks straight
through its rooms: `corpus` (documents → passages), `encoding` (text → vectors), `storage`
(vectors, words and records → a snapshot), `debates` (motions and labelled spans), `questions`
(what is asked, and which way), `answering` (question → sides → excerpts).
"""
