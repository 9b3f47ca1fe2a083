//! A plot of the host's memory over its spawns, as a picture of lines (SVG).

use crate::spawns::Sample;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const WIDTH: f64 = 800.0;
const HEIGHT: f64 = 300.0;
const MARGIN: f64 = 60.0;

/// Draw it, and say where it is.
pub fn write(samples: &[Sample]) -> anyhow::Result<PathBuf> {
    let most_spawns = samples.iter().map(|it| it.spawns).max().unwrap_or(1);
    let most = samples.iter().map(|it| it.resident).max().unwrap_or(1);
    let at = |sample: &Sample| {
        (
            MARGIN + sample.spawns as f64 / most_spawns as f64 * WIDTH,
            MARGIN + HEIGHT - sample.resident as f64 / most as f64 * HEIGHT,
        )
    };
    let mut points = String::new();
    for (x, y) in samples.iter().map(at) {
        write!(points, "{x:.1},{y:.1} ")?;
    }
    let (right, bottom) = (MARGIN + WIDTH, MARGIN + HEIGHT);
    let picture = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<path d="M{MARGIN},{MARGIN} V{bottom} H{right}" fill="none" stroke="black"/>
<polyline points="{points}" fill="none" stroke="steelblue" stroke-width="2"/>
<text x="{MARGIN}" y="40">resident memory of the host, at most {most} KiB</text>
<text x="{right}" y="{label}" text-anchor="end">{most_spawns} spawns</text>
</svg>
"#,
        w = WIDTH + 2.0 * MARGIN,
        h = HEIGHT + 2.0 * MARGIN,
        label = bottom + 20.0,
    );
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/endurance");
    fs::create_dir_all(&directory)?;
    let file = directory.join("spawns.svg");
    fs::write(&file, picture)?;
    Ok(file.canonicalize()?)
}
