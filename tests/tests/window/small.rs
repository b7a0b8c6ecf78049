//! Makes a picture small enough to be kept with the code: 256 colours, strongly compressed.

use std::{
    collections::{BTreeMap, HashMap},
    io::Cursor,
};

type Colour = [u8; 3];

/// The most frequent 256 colours stay; each other one becomes the nearest of them.
pub(crate) fn in_256_colours(png: &[u8]) -> Vec<u8> {
    let (width, height, pixels) = read(png);
    let mut frequency: BTreeMap<Colour, u32> = BTreeMap::new();
    for pixel in &pixels {
        *frequency.entry(*pixel).or_default() += 1;
    }
    let mut palette: Vec<(Colour, u32)> = frequency.into_iter().collect();
    palette.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let palette: Vec<Colour> = palette.into_iter().take(256).map(|(colour, _)| colour).collect();

    let mut known: HashMap<Colour, u8> = HashMap::new();
    let indexes = pixels.iter().map(|pixel| *known.entry(*pixel).or_insert_with(|| nearest(*pixel, &palette)));
    write(width, height, &palette, &indexes.collect::<Vec<u8>>())
}

fn nearest(colour: Colour, palette: &[Colour]) -> u8 {
    let distance =
        |other: &Colour| -> u32 { colour.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum() };
    let (index, _) = palette.iter().enumerate().min_by_key(|(_, other)| distance(other)).unwrap();
    u8::try_from(index).unwrap()
}

fn read(png: &[u8]) -> (u32, u32, Vec<Colour>) {
    let mut decoder = png::Decoder::new(Cursor::new(png));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let pixels = bytes[..info.buffer_size()].chunks(info.color_type.samples()).map(|it| [it[0], it[1], it[2]]);
    (info.width, info.height, pixels.collect())
}

fn write(width: u32, height: u32, palette: &[Colour], indexes: &[u8]) -> Vec<u8> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header().unwrap().write_image_data(indexes).unwrap();
    png
}
