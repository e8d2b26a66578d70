//! A sheet as DrawingML: what stands on it, and what the speaker sees beside it.

use crate::deck::Align;
use crate::frame::{FOOT_HEIGHT, FOOT_TOP, Frame, LEFT, TITLE_TOP, WIDTH};
use crate::layout::{
    CELL_AIR, CELL_PT, CELL_SIDE, INDENT, Look, Paragraph, PlacedColumn, PlacedRow, RowLook,
};
use crate::layout::{Shape, Sheet};
use crate::text::escaped;
use crate::theme::{DECLARATION, NAMESPACES};

/// What every slide of a deck shares.
pub(crate) struct Shared {
    pub(crate) language: String,
    pub(crate) foot: String,
}

/// The relation by which a slide knows the picture at this place among its own.
pub(crate) fn picture_relation(place: usize) -> String {
    format!("rId{}", place + 10)
}

/// The part of a sheet.
pub(crate) fn slide(sheet: &Sheet, number: usize, shared: &Shared) -> String {
    let mut xml = format!(
        "{DECLARATION}<p:sld {NAMESPACES}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/>\
         <p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/>\
         <a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>"
    );
    let title_at = Frame { x: LEFT, y: TITLE_TOP, width: WIDTH, height: sheet.title_height };
    xml.push_str(&format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Title 1\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr>\
         <p:nvPr><p:ph type=\"title\"/></p:nvPr></p:nvSpPr><p:spPr>{}</p:spPr><p:txBody><a:bodyPr/><a:lstStyle/>\
         <a:p>{}</a:p></p:txBody></p:sp>",
        transform(title_at),
        run(&sheet.title, sheet.title_pt, &shared.language, Ink::Strong)
    ));
    let mut pictures = 0;
    for (place, shape) in sheet.shapes.iter().enumerate() {
        let id = place + 3;
        match shape {
            Shape::Words { at, paragraphs } => words(&mut xml, id, *at, paragraphs, shared),
            Shape::Table { at, columns, rows } => table(&mut xml, id, *at, (columns, rows), shared),
            Shape::Picture { at, says, .. } => {
                picture(&mut xml, id, *at, says, &picture_relation(pictures));
                pictures += 1;
            }
        }
    }
    let id = sheet.shapes.len() + 3;
    foot(&mut xml, id, number, shared);
    xml.push_str("</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>");
    xml
}

/// What the speaker sees beside a slide.
pub(crate) fn notes(text: &str, shared: &Shared) -> String {
    let paragraphs: String = text
        .split('\n')
        .map(|line| format!("<a:p>{}</a:p>", run(line, 12.0, &shared.language, Ink::Plain)))
        .collect();
    format!(
        "{DECLARATION}<p:notes {NAMESPACES}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/>\
         <p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>\
         <p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide Image 1\"/><p:cNvSpPr><a:spLocks noGrp=\"1\" noRot=\"1\" \
         noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldImg\"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp>\
         <p:sp><p:nvSpPr><p:cNvPr id=\"3\" name=\"Notes 2\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr>\
         <p:ph type=\"body\" idx=\"1\"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>{paragraphs}\
         </p:txBody></p:sp></p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>"
    )
}

fn transform(at: Frame) -> String {
    format!(
        "<a:xfrm><a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></a:xfrm>",
        at.x, at.y, at.width, at.height
    )
}

/// How letters look.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Ink {
    Plain,
    Strong,
    Muted,
}

/// A run of letters; an empty paragraph keeps its height.
fn run(text: &str, size_pt: f64, language: &str, ink: Ink) -> String {
    let (size, text) = ((size_pt * 100.0) as i64, escaped(text));
    if text.is_empty() {
        return format!("<a:endParaRPr lang=\"{language}\" sz=\"{size}\"/>");
    }
    let (attributes, inner) = match ink {
        Ink::Plain => ("", ""),
        Ink::Strong => (" b=\"1\"", ""),
        Ink::Muted => ("", "<a:solidFill><a:schemeClr val=\"accent6\"/></a:solidFill>"),
    };
    format!(
        "<a:r><a:rPr lang=\"{language}\" sz=\"{size}\"{attributes} dirty=\"0\">{inner}</a:rPr><a:t>{text}</a:t></a:r>"
    )
}

fn words(xml: &mut String, id: usize, at: Frame, paragraphs: &[Paragraph], shared: &Shared) {
    xml.push_str(&format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Text {id}\"/><p:cNvSpPr txBox=\"1\"/><p:nvPr/></p:nvSpPr><p:spPr>{}\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody>\
         <a:bodyPr wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\"><a:noAutofit/></a:bodyPr><a:lstStyle/>",
        transform(at)
    ));
    for paragraph in paragraphs {
        let (properties, ink) = match paragraph.look {
            Look::Plain => (String::new(), Ink::Plain),
            Look::Strong => (String::new(), Ink::Strong),
            Look::Muted => (String::new(), Ink::Muted),
            Look::Bullet => (
                format!(
                    "<a:pPr marL=\"{INDENT}\" indent=\"-{INDENT}\"><a:buFont typeface=\"Arial\"/>\
                     <a:buChar char=\"\u{2022}\"/></a:pPr>"
                ),
                Ink::Plain,
            ),
            Look::Indented => {
                (format!("<a:pPr marL=\"{INDENT}\" indent=\"0\"><a:buNone/></a:pPr>"), Ink::Plain)
            }
        };
        let run = run(&paragraph.text, paragraph.size_pt, &shared.language, ink);
        xml.push_str(&format!("<a:p>{properties}{run}</a:p>"));
    }
    xml.push_str("</p:txBody></p:sp>");
}

fn table(
    xml: &mut String,
    id: usize,
    at: Frame,
    (columns, rows): (&[PlacedColumn], &[PlacedRow]),
    shared: &Shared,
) {
    xml.push_str(&format!(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"Table {id}\"/><p:cNvGraphicFramePr>\
         <a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>\
         <p:xfrm><a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></p:xfrm><a:graphic>\
         <a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/table\"><a:tbl>\
         <a:tblPr firstRow=\"1\"/><a:tblGrid>",
        at.x, at.y, at.width, at.height
    ));
    for column in columns {
        xml.push_str(&format!("<a:gridCol w=\"{}\"/>", column.width));
    }
    xml.push_str("</a:tblGrid>");
    for row in rows {
        xml.push_str(&format!("<a:tr h=\"{}\">", row.height));
        for (column, cell) in columns.iter().zip(&row.cells) {
            self::cell(xml, column, cell, row.look, shared);
        }
        xml.push_str("</a:tr>");
    }
    xml.push_str("</a:tbl></a:graphicData></a:graphic></p:graphicFrame>");
}

fn cell(xml: &mut String, column: &PlacedColumn, text: &str, look: RowLook, shared: &Shared) {
    let align = match column.align {
        Align::Start => "l",
        Align::End => "r",
    };
    let ink = match look {
        RowLook::Head | RowLook::Strong => Ink::Strong,
        RowLook::Plain => Ink::Plain,
    };
    xml.push_str("<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>");
    for line in text.split('\n') {
        let run = run(line, CELL_PT, &shared.language, ink);
        xml.push_str(&format!("<a:p><a:pPr algn=\"{align}\"/>{run}</a:p>"));
    }
    let none = |side: &str| format!("<a:{side} w=\"0\"><a:noFill/></a:{side}>");
    let rule = "<a:lnB w=\"9525\"><a:solidFill><a:schemeClr val=\"bg2\"><a:lumMod val=\"75000\"/></a:schemeClr>\
                </a:solidFill></a:lnB>";
    let fill = match look {
        RowLook::Head => "<a:solidFill><a:schemeClr val=\"bg2\"/></a:solidFill>",
        RowLook::Plain | RowLook::Strong => "<a:noFill/>",
    };
    xml.push_str(&format!(
        "</a:txBody><a:tcPr marL=\"{CELL_SIDE}\" marR=\"{CELL_SIDE}\" marT=\"{CELL_AIR}\" marB=\"{CELL_AIR}\">{}{}{}{rule}\
         {fill}</a:tcPr></a:tc>",
        none("lnL"),
        none("lnR"),
        none("lnT")
    ));
}

fn picture(xml: &mut String, id: usize, at: Frame, says: &str, relation: &str) {
    xml.push_str(&format!(
        "<p:pic><p:nvPicPr><p:cNvPr id=\"{id}\" name=\"Picture {id}\" descr=\"{}\"/><p:cNvPicPr>\
         <a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed=\"{relation}\"/>\
         <a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>\
         </p:spPr></p:pic>",
        escaped(says),
        transform(at)
    ));
}

/// The words at the foot, and which slide it is.
fn foot(xml: &mut String, id: usize, number: usize, shared: &Shared) {
    let language = &shared.language;
    // Said here too: not every reader takes it from the master.
    let letters = format!(
        "<a:rPr lang=\"{language}\" sz=\"1000\"><a:solidFill><a:schemeClr val=\"accent6\"/></a:solidFill>\
         <a:latin typeface=\"+mn-lt\"/></a:rPr>"
    );
    let words = if shared.foot.is_empty() {
        "<a:endParaRPr/>".to_owned()
    } else {
        format!("<a:r>{}<a:t>{}</a:t></a:r>", letters, escaped(&shared.foot))
    };
    let field = format!(
        "<a:fld id=\"{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}\" type=\"slidenum\">{letters}\
         <a:t>{number}</a:t></a:fld>"
    );
    for (id, name, kind, index, align, inner) in
        [(id, "Foot", "ftr", 11, "l", words), (id + 1, "Number", "sldNum", 12, "r", field)]
    {
        xml.push_str(&format!(
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr>\
             <p:ph type=\"{kind}\" sz=\"quarter\" idx=\"{index}\"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>\
             <a:lstStyle/><a:p><a:pPr algn=\"{align}\"/>{inner}</a:p></p:txBody></p:sp>"
        ));
    }
}

/// Where the words at the foot stand, and the number of the slide.
pub(crate) fn foot_frames() -> (Frame, Frame) {
    let number_width = 900_000;
    let words = Frame { x: LEFT, y: FOOT_TOP, width: WIDTH - number_width, height: FOOT_HEIGHT };
    let number =
        Frame { x: LEFT + WIDTH - number_width, y: FOOT_TOP, width: number_width, height: FOOT_HEIGHT };
    (words, number)
}
