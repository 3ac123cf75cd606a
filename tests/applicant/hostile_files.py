"""Files made to do harm: to the reader, to the parser, or to the machine that parses."""

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf


def pdf_with(change: Callable[[Pdf], None]) -> bytes:
    """A PDF of one page, changed."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    change(pdf)
    content = io.BytesIO()
    pdf.save(content)
    return content.getvalue()


def with_link(action: Dictionary) -> bytes:
    """On the page lies a link that does `action`."""

    def add(pdf: Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])

    return pdf_with(add)


def with_file_inside() -> bytes:
    def add(pdf: Pdf) -> None:
        pdf.attachments["program.exe"] = b"MZ"

    return pdf_with(add)


def with_file_pinned_on() -> bytes:
    """An annotation that holds a file: none is listed in the catalogue."""

    def add(pdf: Pdf) -> None:
        file = Dictionary(Type=Name.Filespec, F="program.exe", EF=Dictionary(F=pdf.make_stream(b"MZ")))
        pin = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=file)
        pdf.pages[0].obj.Annots = Array([pin])

    return pdf_with(add)


def with_dynamic_form() -> bytes:
    def add(pdf: Pdf) -> None:
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))

    return pdf_with(add)


def with_video() -> bytes:
    def add(pdf: Pdf) -> None:
        pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))])

    return pdf_with(add)


def with_names(names: object) -> bytes:
    """The catalogue's /Names is not the dictionary that it has to be."""

    def add(pdf: Pdf) -> None:
        pdf.Root.Names = names

    return pdf_with(add)


def bomb(megabytes: int, *, inside: bytes = b"<<>>") -> bytes:
    """Object 10, `inside`, lies in an object stream that unfolds to `megabytes`."""
    folding = zlib.compressobj(9)
    folded = folding.compress(b"10 0 " + inside)
    for _ in range(megabytes):
        folded += folding.compress(b" " * 1024 * 1024)
    folded += folding.flush()
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>/AA 10 0 R>>",
        4: b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(folded), folded),
    }
    content = b"%PDF-1.5\n"
    places = {}
    for number, text in objects.items():
        places[number] = len(content)
        content += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    places[5] = len(content)
    rows = [struct.pack(">BIH", 1, places[n], 0) if n in places else struct.pack(">BIH", 0, 0, 0) for n in range(10)]
    rows.append(struct.pack(">BIH", 2, 4, 0))
    table = b"".join(rows)
    content += b"5 0 obj\n<</Type/XRef/Size 11/W[1 4 2]/Root 1 0 R/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        len(table),
        table,
    )
    return content + b"startxref\n%d\n%%%%EOF\n" % places[5]


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG_BEGIN = b"\x89PNG\r\n\x1a\n"
PNG_HEADER = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0))
PNG_END = png_chunk(b"IDAT", zlib.compress(b"\0" * 13 * 4)) + png_chunk(b"IEND", b"")


def png_with_short_header() -> bytes:
    return PNG_BEGIN + png_chunk(b"IHDR", b"\0\0\0\4") + PNG_END


def png_with_large_text() -> bytes:
    return PNG_BEGIN + PNG_HEADER + png_chunk(b"zTXt", b"note\0\0" + zlib.compress(b" " * 90 * 1024 * 1024)) + PNG_END
