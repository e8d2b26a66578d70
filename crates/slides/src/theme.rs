//! What all slides are drawn by: the theme's colours and fonts, the master of slides, its one layout, the master of notes.

use crate::frame::{Frame, LEFT, SLIDE_HEIGHT, SLIDE_WIDTH, TITLE_TOP, WIDTH};
use crate::slide::foot_frames;

pub(crate) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
pub(crate) const NAMESPACES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
     xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";

/// The theme's colours by their names, those of the app's light theme (assets/tokens.css).
pub(crate) const COLOURS: [(&str, &str); 12] = [
    ("dk1", "12181C"),
    ("lt1", "FFFFFF"),
    ("dk2", "084C59"),
    ("lt2", "E4E8EA"),
    ("accent1", "084C59"),
    ("accent2", "7F3600"),
    ("accent3", "1F4E79"),
    ("accent4", "5A4800"),
    ("accent5", "9A0016"),
    ("accent6", "414D56"),
    ("hlink", "1F4E79"),
    ("folHlink", "414D56"),
];

/// Every machine has it, or one of the same widths.
const FONT: &str = "Arial";

const EMPTY_GROUP: &str = "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>\
     <a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/>\
     </a:xfrm></p:grpSpPr>";
const COLOUR_MAP: &str = "<p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" \
     accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" \
     hlink=\"hlink\" folHlink=\"folHlink\"/>";
const BACKGROUND: &str =
    "<p:bg><p:bgPr><a:solidFill><a:schemeClr val=\"bg1\"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>";

/// The theme.
pub(crate) fn theme() -> String {
    let colours: String = COLOURS
        .iter()
        .map(|(name, value)| format!("<a:{name}><a:srgbClr val=\"{value}\"/></a:{name}>"))
        .collect();
    let font = format!("<a:latin typeface=\"{FONT}\"/><a:ea typeface=\"\"/><a:cs typeface=\"\"/>");
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>".repeat(3);
    let line = |width: u32| {
        format!(
            "<a:ln w=\"{width}\" cap=\"flat\" cmpd=\"sng\" algn=\"ctr\"><a:solidFill><a:schemeClr val=\"phClr\"/>\
             </a:solidFill><a:prstDash val=\"solid\"/></a:ln>"
        )
    };
    let lines = [9_525, 19_050, 28_575].map(line).concat();
    let effects = "<a:effectStyle><a:effectLst/></a:effectStyle>".repeat(3);
    format!(
        "{DECLARATION}<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"Millwright\">\
         <a:themeElements><a:clrScheme name=\"Millwright\">{colours}</a:clrScheme>\
         <a:fontScheme name=\"Millwright\"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont>\
         </a:fontScheme><a:fmtScheme name=\"Millwright\"><a:fillStyleLst>{fill}</a:fillStyleLst>\
         <a:lnStyleLst>{lines}</a:lnStyleLst><a:effectStyleLst>{effects}</a:effectStyleLst>\
         <a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
}

fn placeholder(id: u32, name: &str, kind: &str, at: Frame, inner: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr>\
         <p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr><p:txBody>{inner}</p:txBody></p:sp>",
        at.x, at.y, at.width, at.height
    )
}

/// Title, foot and number, as master and layout have them.
fn placeholders() -> String {
    let title_at = Frame { x: LEFT, y: TITLE_TOP, width: WIDTH, height: 640_000 };
    let (words_at, number_at) = foot_frames();
    let title = "<a:bodyPr vert=\"horz\" lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"t\"><a:noAutofit/></a:bodyPr>\
                 <a:lstStyle/><a:p><a:endParaRPr/></a:p>";
    let foot = |align: &str, inner: &str| {
        format!(
            "<a:bodyPr vert=\"horz\" lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"ctr\"/><a:lstStyle><a:lvl1pPr \
             algn=\"{align}\"><a:defRPr sz=\"1000\"><a:solidFill><a:schemeClr val=\"accent6\"/></a:solidFill></a:defRPr>\
             </a:lvl1pPr></a:lstStyle><a:p>{inner}</a:p>"
        )
    };
    let number =
        "<a:fld id=\"{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}\" type=\"slidenum\"><a:rPr/><a:t>1</a:t></a:fld>";
    [
        placeholder(2, "Title", "type=\"title\"", title_at, title),
        placeholder(
            3,
            "Foot",
            "type=\"ftr\" sz=\"quarter\" idx=\"11\"",
            words_at,
            &foot("l", "<a:endParaRPr/>"),
        ),
        placeholder(4, "Number", "type=\"sldNum\" sz=\"quarter\" idx=\"12\"", number_at, &foot("r", number)),
    ]
    .concat()
}

fn level(size: u32) -> String {
    format!(
        "<a:defRPr sz=\"{size}\" kern=\"1200\"><a:solidFill><a:schemeClr val=\"tx1\"/></a:solidFill>\
         <a:latin typeface=\"+mn-lt\"/><a:ea typeface=\"+mn-ea\"/><a:cs typeface=\"+mn-cs\"/></a:defRPr>"
    )
}

/// The master of slides.
pub(crate) fn slide_master() -> String {
    let title = "<a:lvl1pPr algn=\"l\"><a:spcBef><a:spcPct val=\"0\"/></a:spcBef><a:buNone/><a:defRPr sz=\"2800\" b=\"1\" \
                 kern=\"1200\"><a:solidFill><a:schemeClr val=\"tx2\"/></a:solidFill><a:latin typeface=\"+mj-lt\"/>\
                 <a:ea typeface=\"+mj-ea\"/><a:cs typeface=\"+mj-cs\"/></a:defRPr></a:lvl1pPr>";
    let words = level(1800);
    format!(
        "{DECLARATION}<p:sldMaster {NAMESPACES}><p:cSld>{BACKGROUND}<p:spTree>{EMPTY_GROUP}{}</p:spTree></p:cSld>{COLOUR_MAP}\
         <p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/></p:sldLayoutIdLst>\
         <p:txStyles><p:titleStyle>{title}</p:titleStyle><p:bodyStyle><a:lvl1pPr>{words}</a:lvl1pPr></p:bodyStyle>\
         <p:otherStyle><a:lvl1pPr>{words}</a:lvl1pPr></p:otherStyle></p:txStyles></p:sldMaster>",
        placeholders()
    )
}

/// The one layout: a title, and below it what each slide places itself.
pub(crate) fn slide_layout() -> String {
    format!(
        "{DECLARATION}<p:sldLayout {NAMESPACES} type=\"titleOnly\" preserve=\"1\"><p:cSld name=\"Title\"><p:spTree>\
         {EMPTY_GROUP}{}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>",
        placeholders()
    )
}

/// The master of notes.
pub(crate) fn notes_master() -> String {
    let image_at = Frame { x: 685_800, y: 1_143_000, width: 5_486_400, height: 3_086_100 };
    let image = format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide Image\"/><p:cNvSpPr><a:spLocks noGrp=\"1\" noRot=\"1\" \
         noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldImg\" idx=\"2\"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm>\
         <a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>\
         <a:noFill/></p:spPr></p:sp>",
        image_at.x, image_at.y, image_at.width, image_at.height
    );
    let notes_at = Frame { x: 685_800, y: 4_400_550, width: 5_486_400, height: 3_600_450 };
    let notes = placeholder(
        3,
        "Notes",
        "type=\"body\" sz=\"quarter\" idx=\"3\"",
        notes_at,
        "<a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr/></a:p>",
    );
    format!(
        "{DECLARATION}<p:notesMaster {NAMESPACES}><p:cSld>{BACKGROUND}<p:spTree>{EMPTY_GROUP}{image}{notes}</p:spTree>\
         </p:cSld>{COLOUR_MAP}<p:notesStyle><a:lvl1pPr>{}</a:lvl1pPr></p:notesStyle></p:notesMaster>",
        level(1200)
    )
}

/// The sizes that a presentation names.
pub(crate) fn sizes() -> String {
    format!("<p:sldSz cx=\"{SLIDE_WIDTH}\" cy=\"{SLIDE_HEIGHT}\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_are_those_of_the_apps_light_theme() {
        let tokens = include_str!("../../../assets/tokens.css").to_uppercase();
        for (name, value) in COLOURS {
            assert!(tokens.contains(&format!("#{value}")), "{name} is no token: {value}");
        }
    }
}
