"""All that can be wrong with a file, or a line of one, each with what to do."""

from __future__ import annotations

from index.corpus.remarks import Remarks


class Fault(Remarks):
    """Why a file is left out; what stands before it is the file's name."""

    # of files, whatever they hold
    LINK_OUT = "is a link out of the folder; copy the file into it"
    LINK_TO_NOTHING = "is a link to nothing; mend or remove it"
    NOT_REACHED = "cannot be reached; mend or remove it"
    NO_REGULAR_FILE = "is no regular file; put a file in its place"
    NAME_OF_LINE = "has a name like a line of a .jsonl; rename it without {mark}"
    NAME_NOT_UTF8 = "has a name that is not UTF-8; rename it"
    NOT_OPENED = "cannot be opened ({detail}); see its permissions"
    LARGE = "larger than {limit} MB; split it"
    LARGE_IN_BYTES = "larger than {limit} bytes; split it"
    EMPTY = "holds no text"

    # of their formats
    FORMAT_NOT_READ = "has a format that is not read; use {formats}"
    MANY_DOCUMENTS = "holds many documents; put it into the corpus folder and reindex"
    NOT_OF_FORMAT = "is no .{format} by its content; rename it, or save it as one"
    OTHER_FORMAT = "is a .{format} by its content; rename it"
    PICTURE = "is a picture ({format}), no document; remove it"
    ARCHIVE = "is an archive ({format}); unpack it"
    PROGRAM = "is a program, no document; remove it"
    RICH_TEXT = "is a rich text file; save it as .docx"
    DATABASE = "is a database, no document; remove it"
    OLD_OFFICE = "is an encrypted or old Office file; save it as .docx, without a password"

    # of texts
    NO_TEXT_FILE = "holds null characters; it is no text file, or not UTF-8"
    LONG_LINE = "holds a line of {count} characters; break it into paragraphs"
    NOT_UTF8 = "not UTF-8 (byte {at}), and in no other encoding for certain; save it as UTF-8"
    LYING_MARK = "its first bytes name another encoding than it has; save it as UTF-8"
    FRONT_MATTER = "front matter: {reason}"
    NO_YAML = "front matter is not valid YAML; mend it"
    NO_YAML_AT = "front matter is not valid YAML (line {line}); mend it"
    FIELD_NO_TEXT = "{field} is no text; put it in quotes"
    FIELD_NO_DATE = "published is no date; write 2011-02-18"
    FIELD_NO_DATE_BUT = "published = {value} is no date; write 2011-02-18"
    FIELD_NO_LANGUAGE = "language = {value} is no language; write de or en"

    # of web pages, PDFs and Word files
    PAGE_WITHOUT_TEXT = "holds no text outside its menus (made by scripts?); save it as .txt"
    ENCRYPTED = "is encrypted; save it without a password"
    TRUNCATED = "is truncated: its end is missing; download it again"
    DAMAGED = "is damaged; download it again or save it anew"
    DAMAGED_PAGE = "page {page} is damaged; save it anew"
    MANY_PAGES = "has {count} pages, more than {limit}; split it"
    SCAN = "holds no text, only pictures (a scan?); run text recognition over it"
    FONTS_WITHOUT_LETTERS = "its fonts do not tell its letters; run text recognition over it"
    WORD_DAMAGED = (
        "is a damaged, truncated or encrypted Word file; open it in Word and save it anew"
    )
    NO_WORD_FILE = "is no Word document, only named like one; save it as .docx, or rename it"
    WORD_WITHOUT_TEXT = "holds no text (only pictures?); export it as a PDF with text"
    DECLARES_TYPE = "declares a document type, as bombs do; save it anew"
    MANY_PARTS = "has {count} parts, more than {limit}; split it"
    UNPACKS_TO_MUCH = "unpacks to {size} MB, more than {limit}; split it"
    BOMB = "unpacks to far more than it is, as bombs do; save it anew"

    # of the process that parses them
    SLOW = "took longer than {limit} s; split it"
    MUCH_MEMORY = "needs more than {limit} GiB of memory to be read; split it"
    CRASHES = "crashes its parser (code {code}: damaged, or too much memory); save it anew"
    NOT_PARSED = "cannot be parsed ({detail}); save it anew"
    NO_PROCESS = "cannot be read: the process for such files does not start"

    # of a .jsonl and its lines
    LINE = "line {line}: {reason}"
    MORE_LINES = "{count} more lines cannot be used; mend them likewise"
    NO_LINES = "its first {count} lines are no documents"
    LARGE_LINE = "is larger than {limit} MB; split it"
    KNOWN_ID = "has the id {id}, as a line above; give each its own"
    UNUSABLE_ID = 'has an unusable "id"; write a short text or a number'
    NO_TEXT_FIELD = 'has no "text"; give it one'
    LINE_NOT_UTF8 = "is not UTF-8 (byte {at}); save the file as UTF-8"
    NO_JSON = "is not valid JSON; mend it"
    NO_JSON_AT = "is not valid JSON (character {at}); mend it"
    NO_OBJECT = 'is no JSON object; write {{"text": …}}'
    HALF_CHARACTER = "holds half a character (at {at}); mend its text"
