using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Mainstay.Audit.Integrity;

namespace Mainstay.Audit.Export;

/// <summary>A line of an export: one of its members is set.</summary>
internal sealed record ExportLine
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The first line: what the file holds.</summary>
    public ExportHeader? Export { get; init; }

    /// <summary>Where a stream's chain stood before its first entry in the file.</summary>
    public ExportAnchor? Anchor { get; init; }

    /// <summary>An entry.</summary>
    public ExportEntry? Event { get; init; }

    /// <summary>A signed checkpoint, after the last entry that it covers.</summary>
    public ExportCheckpoint? Checkpoint { get; init; }

    /// <summary>Reads a line; throws <see cref="JsonException"/> when it is none.</summary>
    public static ExportLine Read(string line) => JsonSerializer.Deserialize<ExportLine>(line, Options) ?? throw new JsonException("The line is empty.");

    /// <summary>The line as bytes, with its end.</summary>
    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Options), (byte)'\n'];
}

/// <summary>What an export holds.</summary>
/// <param name="Version">The version of this form, 1.</param>
/// <param name="FirstSequence">The first position in the trail.</param>
/// <param name="LastSequence">The last position.</param>
/// <param name="Stream">The one stream that it holds; null for all.</param>
/// <param name="IsSelection">Whether a filter left entries out, so that it cannot be verified.</param>
internal sealed record ExportHeader(int Version, long FirstSequence, long LastSequence, string? Stream, bool IsSelection);

/// <summary>The end of a stream's chain before the file.</summary>
internal sealed record ExportAnchor(string Stream, long Sequence, string Hash);

/// <summary>An entry with its places; one that was altered into what is no JSON is a text, which is no event.</summary>
internal sealed record ExportEntry(long Sequence, string Stream, long StreamSequence, string Hash, JsonNode Entry);

/// <summary>A checkpoint: the statement as the text that was signed.</summary>
internal sealed record ExportCheckpoint(long Number, long FirstSequence, long LastSequence, string Statement, byte[] Signature, string KeyId)
{
    public static ExportCheckpoint Of(SignedCheckpoint signed) =>
        new(signed.Number, signed.FirstSequence, signed.LastSequence, signed.Statement, signed.Signature, signed.KeyId);

    public SignedCheckpoint ToSigned() => new(Number, default, FirstSequence, LastSequence, Statement, Signature, KeyId);
}
