using System.Text;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Audit.Integrity;

/// <summary>An entry as the table holds it: its canonical form, or, where it is older than streams, text with the same canonical form.</summary>
internal static class EntryText
{
    /// <summary>Whether a stored text says the same as a canonical one.</summary>
    public static bool IsSame(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> canonical) =>
        stored.SequenceEqual(canonical) || Canonical(Encoding.UTF8.GetString(stored)).AsSpan().SequenceEqual(canonical);

    /// <summary>The canonical form of a stored text.</summary>
    public static byte[] Canonical(string stored) => CanonicalJson.Serialize(JsonNode.Parse(stored));
}
