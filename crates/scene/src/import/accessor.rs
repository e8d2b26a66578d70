//! Numbers out of the buffers of a glTF file (chapter 3.6): every range is looked at before it is read.

use gltf::json::accessor::{ComponentType, Type};
use gltf::json::validation::Checked;
use gltf::json::{Accessor, Index, Root};

use super::ImportFault;

/// The buffers of a file, and the description that says what lies in them.
pub(super) struct Buffers<'a> {
    pub(super) root: &'a Root,
    pub(super) bytes: Vec<std::borrow::Cow<'a, [u8]>>,
}

/// One accessor, looked at: `count` elements of `width` numbers.
pub(super) struct Numbers<'a> {
    bytes: &'a [u8],
    stride: usize,
    component: ComponentType,
    normalized: bool,
    width: usize,
    pub(super) count: usize,
}

impl<'a> Buffers<'a> {
    /// The bytes of a view, and its stride where it has one.
    pub(super) fn view(
        &self,
        view: Index<gltf::json::buffer::View>,
        at: &str,
    ) -> Result<(&[u8], Option<usize>), ImportFault> {
        let place = format!("{at}, buffer view {}", view.value());
        let outside = || ImportFault::damaged(&place, "it reaches beyond its buffer");
        let view = self.root.get(view).ok_or_else(|| ImportFault::damaged(&place, "it is not there"))?;
        let buffer = self.bytes.get(view.buffer.value());
        let buffer = buffer.ok_or_else(|| ImportFault::damaged(&place, "its buffer is not there"))?;
        let start = usize::try_from(view.byte_offset.map_or(0, |offset| offset.0));
        let length = usize::try_from(view.byte_length.0);
        let (Ok(start), Ok(length)) = (start, length) else { return Err(outside()) };
        let end = start.checked_add(length).ok_or_else(outside)?;
        let bytes = buffer.get(start..end).ok_or_else(outside)?;
        Ok((bytes, view.byte_stride.map(|stride| stride.0)))
    }

    /// Looks at an accessor.
    pub(super) fn numbers(&self, index: Index<Accessor>, at: &str) -> Result<Numbers<'_>, ImportFault> {
        let place = format!("{at}, accessor {}", index.value());
        let damaged = |reason: &str| ImportFault::damaged(&place, reason);
        let accessor = self.root.get(index).ok_or_else(|| damaged("it is not there"))?;
        if accessor.sparse.is_some() {
            return Err(ImportFault::Unsupported {
                at: place,
                what: "a sparse accessor".to_owned(),
                advice: "Export it without sparse accessors.",
            });
        }
        let (Checked::Valid(component), Checked::Valid(shape)) = (accessor.component_type, accessor.type_)
        else {
            return Err(damaged("its type is not known"));
        };
        let view = accessor.buffer_view.ok_or_else(|| damaged("it has no buffer view"))?;
        let (bytes, stride) = self.view(view, &place)?;
        let outside = || damaged("it reaches beyond its buffer view");
        let width = width_of(shape).ok_or_else(|| damaged("it holds matrices where vectors are wanted"))?;
        let element = width * component.0.size();
        let stride = stride.unwrap_or(element);
        let offset = usize::try_from(accessor.byte_offset.map_or(0, |offset| offset.0))
            .map_err(|_too_large| outside())?;
        let count = usize::try_from(accessor.count.0).map_err(|_too_large| outside())?;
        let end = match count.checked_sub(1) {
            Some(before_last) => before_last
                .checked_mul(stride)
                .and_then(|start| start.checked_add(offset))
                .and_then(|start| start.checked_add(element))
                .ok_or_else(outside)?,
            None => offset,
        };
        let bytes = bytes.get(offset..end).ok_or_else(outside)?;
        Ok(Numbers { bytes, stride, component: component.0, normalized: accessor.normalized, width, count })
    }
}

impl Numbers<'_> {
    /// The elements as vectors of `N` floats; whole numbers become shares of their range where the file says so.
    pub(super) fn vectors<const N: usize>(&self, at: &str) -> Result<Vec<[f32; N]>, ImportFault> {
        if self.width != N {
            return Err(ImportFault::damaged(
                at,
                format!("it holds {} numbers per element and not {N}", self.width),
            ));
        }
        let size = self.component.size();
        let vector = |element: &[u8]| {
            let mut vector = [0.0; N];
            for (to, from) in vector.iter_mut().zip(element.chunks_exact(size)) {
                *to = self.float(from);
            }
            vector
        };
        Ok(self.elements().map(vector).collect())
    }

    /// The elements as numbers of corners.
    pub(super) fn indices(&self, at: &str) -> Result<Vec<u32>, ImportFault> {
        let is_whole = matches!(self.component, ComponentType::U8 | ComponentType::U16 | ComponentType::U32);
        if self.width != 1 || !is_whole {
            return Err(ImportFault::damaged(at, "its indices are no whole numbers"));
        }
        let index = |element: &[u8]| {
            element
                .iter()
                .take(self.component.size())
                .rev()
                .fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte))
        };
        Ok(self.elements().map(index).collect())
    }

    fn elements(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.count).filter_map(|index| self.bytes.get(index * self.stride..))
    }

    fn float(&self, bytes: &[u8]) -> f32 {
        let share = |value: f32, most: f32| if self.normalized { (value / most).max(-1.0) } else { value };
        match (self.component, bytes) {
            (ComponentType::I8, [a, ..]) => share(f32::from(i8::from_le_bytes([*a])), 127.0),
            (ComponentType::U8, [a, ..]) => share(f32::from(*a), 255.0),
            (ComponentType::I16, [a, b, ..]) => share(f32::from(i16::from_le_bytes([*a, *b])), 32_767.0),
            (ComponentType::U16, [a, b, ..]) => share(f32::from(u16::from_le_bytes([*a, *b])), 65_535.0),
            (ComponentType::U32, [a, b, c, d, ..]) => u32::from_le_bytes([*a, *b, *c, *d]) as f32,
            (ComponentType::F32, [a, b, c, d, ..]) => f32::from_le_bytes([*a, *b, *c, *d]),
            // A shorter slice is never made: the range was looked at.
            _ => f32::NAN,
        }
    }
}

fn width_of(shape: Type) -> Option<usize> {
    match shape {
        Type::Scalar => Some(1),
        Type::Vec2 => Some(2),
        Type::Vec3 => Some(3),
        Type::Vec4 => Some(4),
        Type::Mat2 | Type::Mat3 | Type::Mat4 => None,
    }
}
