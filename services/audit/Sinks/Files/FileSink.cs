using System.Globalization;
using System.Text;

namespace Mainstay.Audit.Sinks.Files;

/// <summary>Appends each event as one line of JSON, on disk before it counts as delivered; a full file is renamed and a new one begun.</summary>
internal sealed class FileSink(string path, long rotateBytes, int keepFiles, TimeProvider clock) : IAuditSink
{
    private const int NoSpaceLeft = 28;

    private readonly string directory = Path.GetDirectoryName(path)!;

    // Where names are new. What an earlier process did not get to is not known.
    private readonly HashSet<string> unflushed = [Path.GetDirectoryName(path)!];

    public SinkLimits Limits { get; } = new(1000, 4L << 20, 1 << 20);

    /// <summary>How the file is opened.</summary>
    public Func<string, FileStreamOptions, FileStream> Open { get; init; } = (path, options) => new FileStream(path, options);

    /// <summary>How the names in a directory are brought to the disk.</summary>
    public Action<string> FlushDirectory { get; init; } = DirectorySync.Flush;

    public byte[] Encode(OutgoingEvent outgoing) => Encoding.UTF8.GetBytes(outgoing.Json + "\n");

    public async Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            MakeDirectory();
            RotateBefore(events.Sum(encoded => (long)encoded.Bytes.Length));
            await AppendAsync(events, cancellationToken);
            FlushNames();
            return Delivery.Complete;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Delivery(DeliveryOutcome.Retry, exception.HResult == NoSpaceLeft ? "the disk is full" : $"the file could not be written ({exception.GetType().Name})");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void MakeDirectory()
    {
        for (var missing = directory; !Directory.Exists(missing); missing = Path.GetDirectoryName(missing)!)
        {
            unflushed.Add(missing);
            unflushed.Add(Path.GetDirectoryName(missing)!);
        }

        Directory.CreateDirectory(directory);
        if (!File.Exists(path))
        {
            unflushed.Add(directory);
        }
    }

    private void FlushNames()
    {
        foreach (var one in unflushed)
        {
            FlushDirectory(one);
        }

        unflushed.Clear();
    }

    private async Task AppendAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        }

        await using var stream = Open(path, options);
        var end = FileTail.WholeLines(stream);
        stream.SetLength(end);
        stream.Position = end;
        try
        {
            await stream.WriteAsync(events.SelectMany(encoded => encoded.Bytes).ToArray(), cancellationToken);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // A reader must not take half a line for a whole one.
            stream.SetLength(end);
            throw;
        }
    }

    private void RotateBefore(long bytes)
    {
        var current = new FileInfo(path);
        if (!current.Exists || current.Length == 0 || current.Length + bytes <= rotateBytes)
        {
            return;
        }

        // Sorts by age, also within one millisecond.
        var time = clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var rotated = Enumerable.Range(0, 1000).Select(number => $"{path}.{time}-{number:000}").First(name => !File.Exists(name));
        File.Move(path, rotated);
        unflushed.Add(directory);
        if (keepFiles > 0)
        {
            foreach (var old in Directory.EnumerateFiles(current.DirectoryName!, $"{current.Name}.*T*Z-*").Order(StringComparer.Ordinal).SkipLast(keepFiles))
            {
                File.Delete(old);
            }
        }
    }
}
