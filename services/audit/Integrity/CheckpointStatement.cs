using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Audit.V1;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Audit.Integrity;

/// <summary>What a checkpoint says of the trail.</summary>
/// <param name="Version">The version of this form, 1.</param>
/// <param name="Number">Its number, from 1, without gaps.</param>
/// <param name="CreateTime">When it was made.</param>
/// <param name="FirstSequence">The first position that it covers.</param>
/// <param name="LastSequence">The last position that it covers.</param>
/// <param name="Digest">SHA-256 of the hashes of all these entries, each as its 64 digits, one after the other.</param>
/// <param name="Streams">The ends of the chains that grew, under <see cref="NameOf"/>.</param>
/// <param name="Previous">SHA-256 of the previous checkpoint's statement; 64 zeros before the first.</param>
/// <param name="DroppedThrough">The position up to which the retention policy has dropped entries; 0 for none.</param>
/// <param name="KeyId">The key that signs.</param>
internal sealed record CheckpointStatement(
    int Version,
    long Number,
    DateTimeOffset CreateTime,
    long FirstSequence,
    long LastSequence,
    string Digest,
    IReadOnlyDictionary<string, StreamHead> Streams,
    string Previous,
    long DroppedThrough,
    string KeyId)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>A stream's name in a statement, which tenants see whose it is not: SHA-256 of the name.</summary>
    public static string NameOf(string stream) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stream)));

    /// <summary>Reads a statement; throws <see cref="JsonException"/> when it is none.</summary>
    public static CheckpointStatement Parse(string text) =>
        JsonSerializer.Deserialize<CheckpointStatement>(text, Options) is { Streams: not null } statement ? statement : throw new JsonException("The statement is incomplete.");

    /// <summary>The statement as it is signed: canonical JSON.</summary>
    public string Write() => Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonSerializer.SerializeToNode(this, Options)));
}

/// <summary>A checkpoint as it is stored.</summary>
internal sealed record SignedCheckpoint(
    long Number, DateTime CreateTime, long FirstSequence, long LastSequence, string Statement, byte[] Signature, string KeyId)
{
    /// <summary>The columns to select.</summary>
    public const string Columns = "number, create_time, first_sequence, last_sequence, statement, signature, key_id";

    /// <summary>SHA-256 of the statement, by which the next one refers to it.</summary>
    public string StatementDigest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Statement)));

    /// <summary>The position up to which retention has dropped entries, as the statement says; 0 where it cannot be read.</summary>
    public long DroppedThrough
    {
        get
        {
            try
            {
                return CheckpointStatement.Parse(Statement).DroppedThrough;
            }
            catch (JsonException)
            {
                return 0;
            }
        }
    }

    /// <summary>The checkpoint as the contract has it.</summary>
    public Checkpoint ToProto() => new()
    {
        Number = Number,
        CreateTime = CreateTime.ToTimestamp(),
        FirstSequence = FirstSequence,
        LastSequence = LastSequence,
        Statement = Statement,
        Signature = ByteString.CopyFrom(Signature),
        KeyId = KeyId,
    };
}
