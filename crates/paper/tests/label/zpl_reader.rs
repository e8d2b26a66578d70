//! A label printer: it knows the few commands that labels are made of, and fails at any other.

use crate::picture::Rectangle;

/// A label as it comes out, in dots from its upper left corner.
#[derive(Debug, Default)]
pub struct PrintedFormat {
    pub width: f64,
    pub height: f64,
    pub boxes: Vec<Rectangle>,
    pub texts: Vec<String>,
    /// Where texts begin, on their baselines.
    pub text_starts: Vec<(f64, f64)>,
}

impl PrintedFormat {
    /// The bar to be measured: the box that is much longer than it is wide, if there is one, as long as its ticks say.
    pub fn bar_length(&self, about: f64) -> Option<f64> {
        let long = |one: &&Rectangle| (one.width().max(one.height()) - about).abs() < about * 0.01;
        let thin = |one: &&Rectangle| one.width().min(one.height()) * 20.0 < about;
        let bar = self.boxes.iter().filter(long).find(thin)?;
        Some(bar.width().max(bar.height()))
    }
}

/// What a printer prints that is sent these commands.
pub fn print(commands: &str) -> Vec<PrintedFormat> {
    assert!(commands.is_ascii(), "a link could garble it");
    assert!(!commands.contains('~'), "a command to the printer itself");
    let (mut printed, mut format) = (vec![], None::<PrintedFormat>);
    let (mut at, mut is_utf8, mut is_escaped) = ((0.0, 0.0), false, false);
    let (before, commands) = commands.split_once('^').unwrap();
    assert_eq!(before, "");
    for command in commands.split('^') {
        let command = command.trim_end_matches('\n');
        // A0N is the font 0 of the command ^A.
        let (name, rest) = command.split_at(2);
        let values = || rest.split(',').map(|value| value.parse::<f64>().ok()).collect::<Vec<_>>();
        if name == "XA" {
            assert!(format.replace(PrintedFormat::default()).is_none(), "a format within another");
            (is_utf8, is_escaped) = (false, false);
            continue;
        }
        let open = format.as_mut().unwrap_or_else(|| panic!("«{command}» outside of a format"));
        match name {
            "JM" => assert_eq!(rest, "A"),
            "MU" => assert!(["d,200,200", "d,300,300", "d,600,600"].contains(&rest), "dots are converted"),
            "PM" => assert_eq!(rest, "N"),
            "LH" => assert_eq!(rest, "0,0"),
            "CI" => is_utf8 = rest == "28",
            "PW" => open.width = rest.parse().unwrap(),
            "LL" => open.height = rest.parse().unwrap(),
            "FO" | "FT" => {
                let [Some(x), Some(y)] = values()[..] else { panic!("«{command}»") };
                assert!(x.fract() == 0.0 && y.fract() == 0.0, "«{command}» is between dots");
                at = (x, y);
                if name == "FT" {
                    open.text_starts.push(at);
                }
            }
            "GB" => {
                let [Some(width), Some(height), Some(border), None, Some(round)] = values()[..] else {
                    panic!("«{command}»")
                };
                assert!(width.fract() == 0.0 && height.fract() == 0.0 && width.max(height) <= 32_000.0);
                assert!(
                    width.min(height) >= 1.0 && border == width.min(height) && round == 0.0,
                    "«{command}»"
                );
                let (left, top) = at;
                open.boxes.push(Rectangle { left, top, right: left + width, bottom: top + height });
            }
            "A0" => assert!(rest.starts_with("N,")),
            "FH" => is_escaped = rest == "_",
            "FD" => {
                assert!(is_utf8 && is_escaped);
                open.texts.push(unescaped(rest));
            }
            "FS" => is_escaped = false,
            "PQ" => assert_eq!(rest, "1"),
            "XZ" => printed.extend(format.take()),
            _ => panic!("«{command}» is no command of a label"),
        }
    }
    assert!(format.is_none(), "a format does not end");
    printed
}

fn unescaped(text: &str) -> String {
    let (mut bytes, mut letters) = (vec![], text.bytes());
    while let Some(letter) = letters.next() {
        bytes.push(match letter {
            b'_' => {
                let hex = [letters.next().unwrap(), letters.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}
