//! A plotters backend for tests: it keeps what it is asked to draw.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

use crate::role::Role;

/// Something that was drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Drawn {
    Line(Role, Vec<(i32, i32)>),
    Area(Role),
    Text { says: String, at: (i32, i32), is_at_its_end: bool },
}

/// What was drawn, in order.
pub(crate) struct Recorded {
    size: (u32, u32),
    drawn: Rc<RefCell<Vec<Drawn>>>,
}

impl Recorded {
    pub(crate) fn new(size: (u32, u32)) -> (Self, Rc<RefCell<Vec<Drawn>>>) {
        let drawn = Rc::default();
        (Self { size, drawn: Rc::clone(&drawn) }, drawn)
    }

    fn put(&mut self, drawn: Drawn) -> Result<(), DrawingErrorKind<Infallible>> {
        self.drawn.borrow_mut().push(drawn);
        Ok(())
    }
}

impl DrawingBackend for Recorded {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<Infallible>> {
        Ok(())
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<Infallible>> {
        Ok(())
    }

    fn draw_pixel(
        &mut self,
        _at: BackendCoord,
        color: BackendColor,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.put(Drawn::Area(Role::of(color)))
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        _upper_left: BackendCoord,
        _bottom_right: BackendCoord,
        style: &S,
        _fill: bool,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.put(Drawn::Area(Role::of(style.color())))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        self.put(Drawn::Line(Role::of(style.color()), path.into_iter().collect()))
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> Result<(), DrawingErrorKind<Infallible>> {
        let is_at_its_end = matches!(style.anchor().h_pos, HPos::Right);
        self.put(Drawn::Text { says: text.to_owned(), at, is_at_its_end })
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let width = text.chars().count() as f64 * style.size() * 0.58;
        Ok((width.ceil() as u32, style.size().ceil() as u32))
    }
}
