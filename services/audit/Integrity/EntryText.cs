using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Audit.Integrity;

/// <summary>An entry as the table holds it: its canonical form, or, where it is older than streams, text with the same canonical form.</summary>
internal static class EntryText
{
    /// <summary>Whether a stored text says the same as a canonical one.</summary>
    public static bool IsSame(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> canonical) =>
        stored.SequenceEqual(canonical) || (TryCanonical(Encoding.UTF8.GetString(stored), out var form) && form.AsSpan().SequenceEqual(canonical));

    /// <summary>The canonical form of a stored text; none where the text was altered into what is no JSON.</summary>
    public static bool TryCanonical(string stored, [NotNullWhen(true)] out byte[]? canonical)
    {
        try
        {
            canonical = Canonical(stored);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            canonical = null;
            return false;
        }
    }

    /// <summary>The canonical form of a text that is JSON.</summary>
    public static byte[] Canonical(string stored) => CanonicalJson.Serialize(JsonNode.Parse(stored));
}
