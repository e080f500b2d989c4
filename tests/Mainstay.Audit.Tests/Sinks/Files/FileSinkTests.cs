using System.Text.Json.Nodes;
using Mainstay.Audit.Sinks;
using Mainstay.Audit.Sinks.Files;
using Mainstay.Audit.Sinks.Shaping;
using Mainstay.Testing;

namespace Mainstay.Audit.Tests.Sinks.Files;

public sealed class FileSinkTests : IAsyncLifetime
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("mainstay-file-");
    private TrailDatabase trail = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> Nothing { get; } = new Dictionary<string, IReadOnlyList<string>>();

    private string FilePath => Path.Combine(directory.FullName, "logs", "audit.jsonl");

    public async ValueTask InitializeAsync() => trail = await TrailDatabase.CreateAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await trail.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Deliver_Events_AreLinesInOrder()
    {
        var ids = await trail.AppendAsync(1500, Cancellation);

        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, Ids(FilePath));
    }

    [Fact]
    public async Task Deliver_FileIsFull_GoesOnInANewOneAndKeepsTheNewest()
    {
        var ids = new List<string>();
        await using var running = Run(("rotate_bytes", "4096"), ("keep_files", "3"));
        for (var i = 0; i < 12; i++)
        {
            ids.AddRange(await trail.AppendAsync(4, Cancellation));
            await trail.DrainedAsync(Cancellation);
        }

        var rotated = Directory.GetFiles(Path.GetDirectoryName(FilePath)!, "audit.jsonl.*T*Z-*").Order(StringComparer.Ordinal).ToList();
        var kept = rotated.Append(FilePath).SelectMany(Ids).ToList();
        Assert.Equal(3, rotated.Count);
        Assert.Equal(ids.TakeLast(kept.Count), kept);
        Assert.All(rotated, path => Assert.True(new FileInfo(path).Length <= 4096));
    }

    [Fact]
    public async Task Deliver_DiskIsFull_WaitsForRoomAndTearsNoLine()
    {
        using var disk = new SmallDisk();
        var ids = await trail.AppendAsync(40, Cancellation);
        var shape = new EventShape(new EventFilter(Nothing, Nothing), new Redaction([], []), new PlainFormat());
        var retries = Retries.Doubling(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(10));

        await using var running = trail.Run(new ConfiguredSink("file", "file", disk.Sink(), shape, retries, FromBeginning: true));
        await trail.DrainedAsync(Cancellation);
        ids = [.. ids, .. await trail.AppendAsync(200, Cancellation)];
        await Eventually.TrueAsync(async () => await trail.StateAsync<int>("failure_count", Cancellation) >= 3, Cancellation);
        Assert.Equal("the disk is full", await trail.StateAsync<string>("failure", Cancellation));
        Assert.Equal(0, await trail.StateAsync<long>("sequence - 40", Cancellation));
        disk.Grow();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, Ids(disk.File));
    }

    [Fact]
    public async Task Deliver_NamesThatAreNew_AreOnDiskBeforeTheirEventsCount()
    {
        var flushed = new List<string>();
        await using var sink = new FileSink(FilePath, 1000, 0, TimeProvider.System) { FlushDirectory = flushed.Add };

        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(sink)).Outcome);
        Assert.Equal([directory.FullName, Path.GetDirectoryName(FilePath)!], flushed.Order(StringComparer.Ordinal));

        // The name is there already, until the file is full.
        flushed.Clear();
        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(sink)).Outcome);
        Assert.Empty(flushed);

        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(sink)).Outcome);
        Assert.Equal([Path.GetDirectoryName(FilePath)!], flushed);
    }

    [Fact]
    public async Task Deliver_NamesCannotBeBroughtToTheDisk_TriesAgain()
    {
        var fails = true;
        await using var sink = new FileSink(FilePath, 1000, 0, TimeProvider.System)
        {
            FlushDirectory = directory => DirectorySync.Flush(fails ? Path.Combine(directory, "missing") : directory),
        };

        Assert.Equal(DeliveryOutcome.Retry, (await DeliverAsync(sink)).Outcome);
        Assert.Equal(DeliveryOutcome.Retry, (await DeliverAsync(sink)).Outcome);
        fails = false;
        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(sink)).Outcome);
    }

    [Fact]
    public void FlushDirectory_NoDirectory_IsAnErrorOfTheDisk()
    {
        DirectorySync.Flush(directory.FullName);

        Assert.Throws<IOException>(() => DirectorySync.Flush(FilePath));
    }

    [Fact]
    public async Task Deliver_CrashLeftHalfALine_ReplacesIt()
    {
        var ids = await trail.AppendAsync(2, Cancellation);
        await using (Run())
        {
            await trail.DrainedAsync(Cancellation);
        }

        await File.AppendAllTextAsync(FilePath, "{\"event_id\":\"evt_to", Cancellation);
        ids = [.. ids, .. await trail.AppendAsync(2, Cancellation)];
        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Equal(ids, Ids(FilePath));
    }

    [Fact]
    public async Task Deliver_TextWithLineBreaks_StaysOneLine()
    {
        await trail.AppendAsync([TrailDatabase.NewEvent() with { AgentId = "a\n{\"forged\":true}\r\n" }], Cancellation);

        await using var running = Run();
        await trail.DrainedAsync(Cancellation);

        Assert.Single(File.ReadAllLines(FilePath));
    }

    private static Task<Delivery> DeliverAsync(FileSink sink)
    {
        var outgoing = new OutgoingEvent(1, "evt_1", default, [], new PlainFormat(), $$"""{"text":"{{new string('a', 400)}}"}""");
        return sink.DeliverAsync([new EncodedEvent(outgoing, sink.Encode(outgoing))], Cancellation);
    }

    private static List<string> Ids(string path) => [.. File.ReadAllLines(path).Select(line => (string)JsonNode.Parse(line)!["event_id"]!)];

    private RunningSink Run(params (string, string)[] settings) => trail.Run(TrailDatabase.Configure(new FileSinkType(), [("path", FilePath), .. settings]));
}
