# What is taken from outside, and what is refused: files that people hand in, requests, connections.

task-camera = Take a picture
task-handed = Handed in: { $name }, SHA-256
task-handed-cleaned = Place, time, device and comments were taken out of it; the file as it came had SHA-256

## Errors

error-upload-active = { $file } can act when somebody opens it: a page, a drawing with markup, or a document with scripts or other files in it.
    .hint = Take a screenshot of it and hand that in.
error-upload-picture = { $file } begins like a picture and is none that can be read, or it has too many pixels.
    .hint = Open it, take a screenshot, and hand that in.
error-upload-kind = { $file } is nothing that shows what was done.
    .hint = Hand in a picture (JPEG, PNG, WebP, GIF), a text or table (TXT, CSV, JSON, XLSX), or a PDF. A phone that takes HEIC can save as JPEG.
error-request-large = More was sent than is taken here.
    .hint = Send less: a shorter text, or a smaller file.
error-request-slow = What was sent came in too slowly, and the rest was not waited for. Nothing was changed.
    .hint = Send it again over a better connection, or send a smaller file.
