namespace Mainstay.Audit.Sinks.Files;

/// <summary>Sinks of type <c>file</c>.</summary>
internal sealed class FileSinkType : ISinkType
{
    private const long MostBytes = 1L << 40;

    public string Type => "file";

    public IReadOnlyList<string> Keys => ["path", "rotate_bytes", "keep_files"];

    public Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings)
    {
        var path = Path.GetFullPath(settings.Required("path"));
        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
        {
            throw settings.Refuse("path", "must name a file, not a directory");
        }

        var rotateBytes = settings.Number("rotate_bytes", 100L << 20, 1024, MostBytes);
        var keepFiles = (int)settings.Number("keep_files", 10, 0, 100_000);
        return clock => new FileSink(path, rotateBytes, keepFiles, clock);
    }
}
