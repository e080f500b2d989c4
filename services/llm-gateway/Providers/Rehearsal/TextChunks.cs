namespace Mainstay.LlmGateway.Providers.Rehearsal;

/// <summary>Cuts a text into pieces of about one length.</summary>
internal static class TextChunks
{
    /// <summary>At most <paramref name="count"/> pieces, none of them empty; a character of two code units is not torn.</summary>
    public static IEnumerable<string> Cut(string text, int count)
    {
        var start = 0;
        for (var piece = 1; piece <= count && start < text.Length; piece++)
        {
            var end = (int)((long)text.Length * piece / count);
            if (end > start && end < text.Length && char.IsLowSurrogate(text[end]) && char.IsHighSurrogate(text[end - 1]))
            {
                end++;
            }

            if (end > start)
            {
                yield return text[start..end];
                start = end;
            }
        }
    }
}
