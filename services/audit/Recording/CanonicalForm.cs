using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Mainstay.Audit.Recording;

/// <summary>
/// Follows a reader from token to token and knows whether all is as RFC 8785 would write it: no space between tokens, members in their order, each once. It knows that only
/// of what needs no thought: names of ASCII, texts without an escape, whole numbers that a double holds exactly.
/// </summary>
internal ref struct CanonicalForm(ReadOnlySpan<byte> message)
{
    /// <summary>How deep a reader may go that is followed.</summary>
    public const int MostDepth = 32;

    private const int MostExactDigits = 15;

    private readonly ReadOnlySpan<byte> message = message;

    // By depth, where the member before is named. No name begins at the first byte.
    private Names names;
    private JsonTokenType before;
    private bool isOrdinary = true;
    private int length;

    /// <summary>Whether the message has been read to its end and is its own canonical form.</summary>
    public readonly bool IsCanonical => isOrdinary && length == message.Length;

    /// <summary>Whether a number is its own canonical form.</summary>
    public static bool IsCanonicalNumber(ReadOnlySpan<byte> raw) => raw.Length <= MostExactDigits && !raw.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Takes the token that the reader has just read.</summary>
    public void Take(ref readonly Utf8JsonReader reader)
    {
        var token = reader.TokenType;
        isOrdinary &= token switch
        {
            JsonTokenType.PropertyName => !reader.ValueIsEscaped && IsNext(in reader),
            JsonTokenType.String => !reader.ValueIsEscaped,
            JsonTokenType.Number => IsCanonicalNumber(reader.ValueSpan),
            _ => true,
        };
        if (token == JsonTokenType.StartObject)
        {
            names[reader.CurrentDepth + 1] = default;
        }

        // Were there a space anywhere, the tokens would be shorter than the message.
        var isFirst = before is JsonTokenType.None or JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName;
        var comma = isFirst || token is JsonTokenType.EndObject or JsonTokenType.EndArray ? 0 : 1;
        var marks = token switch
        {
            JsonTokenType.PropertyName => "\"\":".Length,
            JsonTokenType.String => "\"\"".Length,
            _ => 0,
        };
        length += comma + reader.ValueSpan.Length + marks;
        before = token;
    }

    private bool IsNext(ref readonly Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        ref var last = ref names[reader.CurrentDepth];
        var isNext = Ascii.IsValid(name) && (last.Start == 0 || message.Slice(last.Start, last.Length).SequenceCompareTo(name) < 0);
        last = ((int)reader.TokenStartIndex + 1, name.Length);
        return isNext;
    }

    [InlineArray(MostDepth + 1)]
    private struct Names
    {
        private (int Start, int Length) first;
    }
}
