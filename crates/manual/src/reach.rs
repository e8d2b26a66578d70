//! What belongs to a page: every stream that drawing it may unpack, found by following the page's objects.

use std::collections::HashSet;

use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::xref::XRef;

use crate::fault::Excess;
use crate::weight::unpacked_bytes;

/// Objects that may belong to one page.
const OBJECTS_MAX: usize = 100_000;
/// How deep objects may lie in each other.
const DEPTH_MAX: usize = 256;
/// How deep the renderer follows a form that draws itself; each time it unpacks it anew.
const AGAIN_MAX: u64 = 50;
/// What leads from a page to other pages, and is not drawn.
const ELSEWHERE: &[&[u8]] = &[
    b"Parent",
    b"P",
    b"Dest",
    b"A",
    b"AA",
    b"B",
    b"Popup",
    b"IRT",
    b"StructParents",
    b"Metadata",
    b"PieceInfo",
];

/// Reckons what belongs to a page, images left out: they are looked at when they are drawn.
///
/// # Errors
/// When that is too much.
pub(crate) fn weigh_page(page: &Page<'_>, most: u64) -> Result<(), Excess> {
    let mut reach = Reach {
        xref: page.xref(),
        seen: HashSet::new(),
        within: vec![],
        objects: 0,
        bytes: 0,
        most,
        again: false,
    };
    reach.contents(page)?;
    let resources = page.resources();
    for own in [
        &resources.ext_g_states,
        &resources.fonts,
        &resources.properties,
        &resources.color_spaces,
        &resources.patterns,
        &resources.shadings,
    ] {
        reach.dictionary(own, false, 0)?;
    }
    reach.dictionary(&resources.x_objects, true, 0)?;
    reach.dictionary(page.raw(), false, 0)?;
    reach.enough()
}

struct Reach<'a> {
    xref: &'a XRef,
    seen: HashSet<ObjectIdentifier>,
    /// The streams that the present one lies in.
    within: Vec<ObjectIdentifier>,
    objects: usize,
    bytes: u64,
    most: u64,
    /// Whether some stream leads to itself.
    again: bool,
}

impl<'a> Reach<'a> {
    /// What is drawn of the page itself: a stream counts as often as it is named.
    fn contents(&mut self, page: &Page<'a>) -> Result<(), Excess> {
        if let Some(stream) = page.raw().get::<Stream<'_>>(b"Contents") {
            return self.add(&stream);
        }
        let Some(array) = page.raw().get::<Array<'_>>(b"Contents") else { return Ok(()) };
        for stream in array.iter::<Stream<'_>>() {
            self.objects += 1;
            self.add(&stream)?;
        }
        Ok(())
    }

    fn add(&mut self, stream: &Stream<'_>) -> Result<(), Excess> {
        self.bytes += unpacked_bytes(&stream.filters(), &stream.raw_data(), self.most)?;
        self.enough()
    }

    fn enough(&self) -> Result<(), Excess> {
        let bytes = if self.again { self.bytes.saturating_mul(AGAIN_MAX) } else { self.bytes };
        if bytes > self.most {
            return Err(Excess::Unpacked { bytes, most: self.most });
        }
        if self.objects > OBJECTS_MAX { Err(Excess::Objects) } else { Ok(()) }
    }

    /// `holds_images`: whether what is named here may be an image, which is looked at when it is drawn.
    fn dictionary(&mut self, dictionary: &Dict<'a>, holds_images: bool, depth: usize) -> Result<(), Excess> {
        for (key, value) in dictionary.entries() {
            if ELSEWHERE.contains(&key.as_ref()) || key.as_ref() == b"Contents" {
                continue;
            }
            let leads_to_images =
                holds_images || [&b"XObject"[..], b"SMask", b"Mask"].contains(&key.as_ref());
            self.follow(value, leads_to_images, depth)?;
        }
        Ok(())
    }

    fn follow(
        &mut self,
        value: MaybeRef<Object<'a>>,
        holds_images: bool,
        depth: usize,
    ) -> Result<(), Excess> {
        if depth > DEPTH_MAX {
            return Err(Excess::Objects);
        }
        self.objects += 1;
        self.enough()?;
        let object = match value {
            MaybeRef::NotRef(object) => object,
            MaybeRef::Ref(reference) => {
                let id = ObjectIdentifier::from(reference);
                self.again |= self.within.contains(&id);
                if !self.seen.insert(id) {
                    return Ok(());
                }
                let Some(object) = self.xref.get::<Object<'_>>(id) else { return Ok(()) };
                object
            }
        };
        match object {
            Object::Dict(dictionary) => {
                // Resources in a form name a dictionary of images; that dictionary's own entries are them.
                self.dictionary(&dictionary, holds_images, depth + 1)
            }
            Object::Array(array) => {
                for value in array.raw_iter() {
                    self.follow(value, holds_images, depth + 1)?;
                }
                Ok(())
            }
            Object::Stream(stream) => {
                let is_image =
                    stream.dict().get::<Name<'_>>(b"Subtype").is_some_and(|kind| kind.as_ref() == b"Image");
                if !(holds_images && is_image) {
                    self.add(&stream)?;
                }
                self.within.push(stream.obj_id());
                let done = self.dictionary(&stream.dict().clone(), false, depth + 1);
                self.within.pop();
                done
            }
            _ => Ok(()),
        }
    }
}
