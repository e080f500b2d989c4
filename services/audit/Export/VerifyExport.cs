using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mainstay.Audit.Integrity;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Audit.Export;

/// <summary>Verifies an export by itself: with the file and the public keys, without the service and its database.</summary>
/// <param name="keys">The keys that may sign, by their id.</param>
/// <param name="checkpoint">The number of a checkpoint that the file must reach; 0 for none.</param>
internal sealed class VerifyExport(IReadOnlyDictionary<string, ECDsa> keys, long checkpoint)
{
    private readonly Dictionary<string, StreamHead> anchors = [];

    /// <summary>Reads the lines to the end or to the first that is not as it was; says what was found.</summary>
    public async Task<ExportVerdict> ExecuteAsync(IAsyncEnumerable<string> lines, CancellationToken cancellationToken)
    {
        ExportHeader? header = null;
        ChainWalk? chain = null;
        CheckpointWalk? signed = null;
        var number = 0;
        try
        {
            await foreach (var text in lines.WithCancellation(cancellationToken))
            {
                number++;
                var line = ExportLine.Read(text);
                if (header is null)
                {
                    header = line.Export ?? throw new JsonException("the first line does not say what the file holds");
                    if (header.IsSelection)
                    {
                        return ExportVerdict.Broken("The file holds a selection: that nothing is missing can be proved only of whole streams.");
                    }

                    chain = new ChainWalk(header.FirstSequence, header.Stream is null, Anchor);
                    signed = new CheckpointWalk(header.FirstSequence, header.Stream, keys, Anchor);
                }
                else if (await CheckAsync(line, header, chain!, signed!) is { } finding)
                {
                    return ExportVerdict.Broken($"Line {number}: {finding.Text}");
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return ExportVerdict.Broken($"Line {number} cannot be read: {exception.Message}");
        }
        finally
        {
            signed?.Dispose();
        }

        return header is null ? ExportVerdict.Broken("The file is empty.") : Sum(header, chain!, signed!);
    }

    // The first line is not signed; whoever reads the verdict must see which range it is about.
    private ExportVerdict Sum(ExportHeader header, ChainWalk chain, CheckpointWalk signed) =>
        header.Stream is null && chain.NextSequence <= header.LastSequence
            ? ExportVerdict.Broken($"The file ends before entry {header.LastSequence}: entry {chain.NextSequence} is missing.")
        : signed.LastNumber < checkpoint
            ? ExportVerdict.Broken($"The file ends before checkpoint {checkpoint}: its last is {signed.LastNumber}.")
        : new ExportVerdict(
            IsIntact: true,
            $"Intact: entries {header.FirstSequence} to {header.LastSequence} of {(header.Stream is null ? "all streams" : $"the stream '{header.Stream}'")}, "
            + $"{chain.CheckedCount} in number, {signed.CheckedCount} checkpoints, the last {signed.LastNumber}."
            + (header.FirstSequence == 1 ? ""
                : signed.DroppedThrough >= header.FirstSequence - 1 ? $" What came before was dropped by the retention policy, as checkpoint {signed.LastNumber} says."
                : " What comes before is not in the file.")
            + (signed.CoveredThrough < header.LastSequence ? $" No checkpoint covers what comes after entry {signed.CoveredThrough}." : ""));

    private Task<StreamHead?> Anchor(string stream, long streamSequence) =>
        Task.FromResult(anchors.GetValueOrDefault(stream) ?? (streamSequence == 1 ? StreamHead.Empty : null));

    private async ValueTask<Finding?> CheckAsync(ExportLine line, ExportHeader header, ChainWalk chain, CheckpointWalk signed)
    {
        if (line.Anchor is { } anchor)
        {
            anchors.TryAdd(anchor.Stream, new StreamHead(anchor.Sequence, anchor.Hash));
            return null;
        }

        if (line.Checkpoint is { } checkpoint)
        {
            return await signed.CheckAsync(checkpoint.ToSigned(), chain);
        }

        var entry = line.Event ?? throw new JsonException("the line holds neither an event nor a checkpoint");
        var row = new ChainedRow(
            entry.Sequence, (string?)entry.Entry["event_id"] ?? "", entry.Stream, entry.StreamSequence, Encoding.UTF8.GetString(CanonicalJson.Serialize(entry.Entry)), entry.Hash);
        if (row.Stream != (header.Stream ?? row.Stream) || EntryCopies.Of(row.Entry, row.Stream)?.Stream != row.Stream)
        {
            return new Finding(row.Sequence, $"Entry {row.Sequence} ({row.EventId}) is filed under the stream '{row.Stream}', which is not its own.");
        }

        signed.Add(row);
        return await chain.CheckAsync(row);
    }
}

/// <summary>What was found of an export.</summary>
internal sealed record ExportVerdict(bool IsIntact, string Text)
{
    public static ExportVerdict Broken(string text) => new(IsIntact: false, text);
}
