//! The archive that a deck is: its parts, who refers to whom, and the same bytes each time.

use std::io::{Cursor, Write as _};
use std::sync::Arc;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::SlidesFault;
use crate::deck::{Deck, Made};
use crate::layout::{Shape, Sheet};
use crate::slide::{Shared, notes, picture_relation, slide};
use crate::text::{clean_line, escaped, language_tag};
use crate::theme::{DECLARATION, NAMESPACES, notes_master, sizes, slide_layout, slide_master, theme};

const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const KIND: &str = "application/vnd.openxmlformats-officedocument.presentationml";
/// Where slides begin among the relations of a presentation.
const SLIDES_FROM: usize = 10;

/// Parts of a deck, in order.
#[derive(Default)]
struct Parts {
    xml: Vec<(String, String)>,
    /// Kinds of parts by their names.
    kinds: Vec<(String, String)>,
}

impl Parts {
    fn put(&mut self, name: &str, kind: &str, xml: String) {
        self.kinds.push((format!("/{name}"), kind.to_owned()));
        self.xml.push((name.to_owned(), xml));
    }

    fn relations(&mut self, name: &str, relations: &[Relation]) {
        let all: String = relations
            .iter()
            .map(|relation| {
                let (id, kind, target) = (&relation.id, &relation.kind, &relation.target);
                format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>")
            })
            .collect();
        let xml = format!(
            "{DECLARATION}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}\
             </Relationships>"
        );
        self.xml.push((name.to_owned(), xml));
    }

    /// Which kind each part is of.
    fn types(&self) -> String {
        let of = |(name, kind): &(String, String)| {
            format!("<Override PartName=\"{name}\" ContentType=\"{kind}\"/>")
        };
        let kinds: String = self.kinds.iter().map(of).collect();
        format!(
            "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
             <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" \
             ContentType=\"image/png\"/>{kinds}</Types>"
        )
    }
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn relation(id: impl Into<String>, kind: &str, target: impl Into<String>) -> Relation {
    Relation { id: id.into(), kind: format!("{RELATION}/{kind}"), target: target.into() }
}

/// Writes a deck that is laid out.
pub(crate) fn write(deck: &Deck, sheets: &[Sheet]) -> Result<Vec<u8>, SlidesFault> {
    let shared = Shared { language: language_tag(&deck.language), foot: clean_line(&deck.furniture.foot) };
    let has_notes = sheets.iter().any(|sheet| !sheet.notes.is_empty());
    let mut parts = Parts::default();
    properties(&mut parts, deck, sheets.len());
    presentation(&mut parts, sheets.len(), has_notes);
    masters(&mut parts, has_notes);
    let mut media: Vec<Arc<Vec<u8>>> = vec![];
    for (place, sheet) in sheets.iter().enumerate() {
        write_sheet(&mut parts, &mut media, sheet, place + 1, &shared);
    }
    packed(&parts, &media).map_err(|reason| SlidesFault::NotWritten { reason })
}

fn packed(parts: &Parts, media: &[Arc<Vec<u8>>]) -> Result<Vec<u8>, String> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, bytes: &[u8], method: CompressionMethod| -> Result<(), String> {
        // The same deck gives the same bytes: no time of writing.
        let options =
            SimpleFileOptions::default().compression_method(method).last_modified_time(DateTime::default());
        archive.start_file(name, options).map_err(|error| error.to_string())?;
        archive.write_all(bytes).map_err(|error| error.to_string())
    };
    put("[Content_Types].xml", parts.types().as_bytes(), CompressionMethod::Deflated)?;
    for (name, xml) in &parts.xml {
        put(name, xml.as_bytes(), CompressionMethod::Deflated)?;
    }
    for (place, png) in media.iter().enumerate() {
        // A PNG is packed already.
        put(&format!("ppt/media/image{}.png", place + 1), png, CompressionMethod::Stored)?;
    }
    Ok(archive.finish().map_err(|error| error.to_string())?.into_inner())
}

fn write_sheet(
    parts: &mut Parts,
    media: &mut Vec<Arc<Vec<u8>>>,
    sheet: &Sheet,
    number: usize,
    shared: &Shared,
) {
    let mut relations = vec![relation("rId1", "slideLayout", "../slideLayouts/slideLayout1.xml")];
    let pictures = sheet.shapes.iter().filter_map(|shape| match shape {
        Shape::Picture { png, .. } => Some(png),
        Shape::Words { .. } | Shape::Table { .. } => None,
    });
    for (place, png) in pictures.enumerate() {
        // The same picture on two slides is kept once.
        let known = media.iter().position(|known| known == png);
        let at = known.unwrap_or(media.len());
        if known.is_none() {
            media.push(Arc::clone(png));
        }
        let target = format!("../media/image{}.png", at + 1);
        relations.push(relation(picture_relation(place), "image", target));
    }
    if !sheet.notes.is_empty() {
        let target = format!("../notesSlides/notesSlide{number}.xml");
        relations.push(relation("rId2", "notesSlide", target));
        let name = format!("ppt/notesSlides/notesSlide{number}.xml");
        parts.put(&name, &format!("{KIND}.notesSlide+xml"), notes(&sheet.notes, shared));
        let of_notes = [
            relation("rId1", "notesMaster", "../notesMasters/notesMaster1.xml"),
            relation("rId2", "slide", format!("../slides/slide{number}.xml")),
        ];
        parts.relations(&format!("ppt/notesSlides/_rels/notesSlide{number}.xml.rels"), &of_notes);
    }
    let name = format!("ppt/slides/slide{number}.xml");
    parts.put(&name, &format!("{KIND}.slide+xml"), slide(sheet, number, shared));
    parts.relations(&format!("ppt/slides/_rels/slide{number}.xml.rels"), &relations);
}

fn presentation(parts: &mut Parts, slides: usize, has_notes: bool) {
    let ids: String = (0..slides)
        .map(|place| format!("<p:sldId id=\"{}\" r:id=\"rId{}\"/>", place + 256, place + SLIDES_FROM))
        .collect();
    let slide_list = if slides == 0 { String::new() } else { format!("<p:sldIdLst>{ids}</p:sldIdLst>") };
    let notes_list = if has_notes {
        "<p:notesMasterIdLst><p:notesMasterId r:id=\"rId3\"/></p:notesMasterIdLst>"
    } else {
        ""
    };
    let xml = format!(
        "{DECLARATION}<p:presentation {NAMESPACES} saveSubsetFonts=\"1\"><p:sldMasterIdLst>\
         <p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst>{notes_list}{slide_list}{}</p:presentation>",
        sizes()
    );
    parts.put("ppt/presentation.xml", &format!("{KIND}.presentation.main+xml"), xml);
    let mut relations = vec![
        relation("rId1", "slideMaster", "slideMasters/slideMaster1.xml"),
        relation("rId2", "theme", "theme/theme1.xml"),
    ];
    if has_notes {
        relations.push(relation("rId3", "notesMaster", "notesMasters/notesMaster1.xml"));
    }
    relations.extend((0..slides).map(|place| {
        relation(format!("rId{}", place + SLIDES_FROM), "slide", format!("slides/slide{}.xml", place + 1))
    }));
    parts.relations("ppt/_rels/presentation.xml.rels", &relations);
}

fn masters(parts: &mut Parts, has_notes: bool) {
    const THEME: &str = "application/vnd.openxmlformats-officedocument.theme+xml";
    parts.put("ppt/theme/theme1.xml", THEME, theme());
    parts.put("ppt/slideMasters/slideMaster1.xml", &format!("{KIND}.slideMaster+xml"), slide_master());
    let of_master = [
        relation("rId1", "slideLayout", "../slideLayouts/slideLayout1.xml"),
        relation("rId2", "theme", "../theme/theme1.xml"),
    ];
    parts.relations("ppt/slideMasters/_rels/slideMaster1.xml.rels", &of_master);
    parts.put("ppt/slideLayouts/slideLayout1.xml", &format!("{KIND}.slideLayout+xml"), slide_layout());
    let of_layout = [relation("rId1", "slideMaster", "../slideMasters/slideMaster1.xml")];
    parts.relations("ppt/slideLayouts/_rels/slideLayout1.xml.rels", &of_layout);
    if has_notes {
        // A master of notes has a theme of its own.
        parts.put("ppt/theme/theme2.xml", THEME, theme());
        parts.put("ppt/notesMasters/notesMaster1.xml", &format!("{KIND}.notesMaster+xml"), notes_master());
        let of_notes = [relation("rId1", "theme", "../theme/theme2.xml")];
        parts.relations("ppt/notesMasters/_rels/notesMaster1.xml.rels", &of_notes);
    }
}

fn properties(parts: &mut Parts, deck: &Deck, slides: usize) {
    const OF_PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let of_package = [
        relation("rId1", "officeDocument", "ppt/presentation.xml"),
        Relation {
            id: "rId2".to_owned(),
            kind: format!("{OF_PACKAGE}/relationships/metadata/core-properties"),
            target: "docProps/core.xml".to_owned(),
        },
        relation("rId3", "extended-properties", "docProps/app.xml"),
    ];
    parts.relations("_rels/.rels", &of_package);
    let (title, owner) = (escaped(&clean_line(&deck.title)), escaped(&clean_line(&deck.owner)));
    let made = moment(deck.made);
    let language = language_tag(&deck.language);
    let core = format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"{OF_PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{title}</dc:title><dc:creator>{owner}</dc:creator>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{made}</dcterms:created><dcterms:modified \
         xsi:type=\"dcterms:W3CDTF\">{made}</dcterms:modified><dc:language>{language}</dc:language></cp:coreProperties>"
    );
    parts.put("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", core);
    let app = format!(
        "{DECLARATION}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\">\
         <Application>Millwright</Application><Slides>{slides}</Slides></Properties>"
    );
    parts.put(
        "docProps/app.xml",
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        app,
    );
}

/// A moment as W3C writes it.
fn moment(made: Made) -> String {
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        made.year,
        made.month.max(1),
        made.day.max(1),
        made.hour,
        made.minute,
        made.second
    )
}
