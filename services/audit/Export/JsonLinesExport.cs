using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Search;

namespace Mainstay.Audit.Export;

/// <summary>A line of JSON for each event and checkpoint, from which the chains can be verified.</summary>
internal sealed class JsonLinesExport(TrailRecords records, ExportRange range) : IExportFormat
{
    private readonly HashSet<string> anchored = [];
    private readonly CheckpointCursor checkpoints = new(records, range.First);

    public async Task BeginAsync(Stream output)
    {
        await output.WriteAsync(new ExportLine { Export = new ExportHeader(1, range.First, range.Last, range.Stream, range.IsSelection) }.Write());

        // A stream may have no entry in the range, and that must be provable too.
        if (range is { Stream: { } stream, IsSelection: false })
        {
            await AnchorAsync(output, stream);
        }
    }

    public async Task WriteAsync(Stream output, FoundEvent found)
    {
        if (!range.IsSelection)
        {
            await WriteCheckpointsAsync(output, found.Sequence - 1);
            await AnchorAsync(output, found.Stream);
        }

        await output.WriteAsync(new ExportLine
        {
            Event = new ExportEntry(found.Sequence, found.Stream, found.StreamSequence, found.Hash, Parse(found.Entry)),
        }.Write());
    }

    public Task EndAsync(Stream output) => range.IsSelection ? Task.CompletedTask : WriteCheckpointsAsync(output, range.Last);

    private async Task AnchorAsync(Stream output, string stream)
    {
        if (range.First > 1 && anchored.Add(stream) && await records.AnchorAsync(stream, range.First) is { Sequence: > 0 } anchor)
        {
            await output.WriteAsync(new ExportLine { Anchor = new ExportAnchor(stream, anchor.Sequence, anchor.Hash) }.Write());
        }
    }

    private static JsonNode Parse(string entry)
    {
        try
        {
            return JsonNode.Parse(entry) ?? JsonValue.Create(entry);
        }
        catch (JsonException)
        {
            return JsonValue.Create(entry);
        }
    }

    private async Task WriteCheckpointsAsync(Stream output, long through)
    {
        while (await checkpoints.NextAsync(through, CancellationToken.None) is { } checkpoint)
        {
            await output.WriteAsync(new ExportLine { Checkpoint = ExportCheckpoint.Of(checkpoint) }.Write());
        }
    }
}
