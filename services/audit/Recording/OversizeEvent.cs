using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Canonical;

namespace Mainstay.Audit.Recording;

/// <summary>Cuts an event that is too large to store: the same event always in the same way, and so that it says what it was.</summary>
internal static class OversizeEvent
{
    private const int LongestText = 1024;

    /// <summary>
    /// Shortens every text of more than 1,024 characters to its first 1,024 and "…", and adds the member <c>truncated</c> with the size and the SHA-256
    /// of the whole canonical form.
    /// </summary>
    public static byte[] Cut(ReadOnlySpan<byte> entry)
    {
        var whole = JsonNode.Parse(entry)!.AsObject();
        Shorten(whole);
        whole["truncated"] = new JsonObject { ["original_bytes"] = entry.Length, ["original_sha256"] = Convert.ToHexStringLower(SHA256.HashData(entry)) };
        return CanonicalJson.Serialize(whole);
    }

    private static void Shorten(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    members[name] = Shortened(value);
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    items[i] = Shortened(items[i]);
                }

                break;
        }
    }

    private static JsonNode? Shortened(JsonNode? value)
    {
        if (value is JsonValue scalar && scalar.TryGetValue<string>(out var text) && text.Length > LongestText)
        {
            // Never in the middle of a surrogate pair.
            var length = char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText;
            return $"{text[..length]}…";
        }

        if (value is JsonObject or JsonArray)
        {
            Shorten(value);
        }

        return value?.DeepClone();
    }
}
