using System.Globalization;

namespace Mainstay.Audit.Search;

/// <summary>Page tokens of lists that go down by number.</summary>
internal static class PageTokens
{
    /// <summary>The number below which the page lies.</summary>
    public static long Before(string token) => token.Length == 0
        ? long.MaxValue
        : long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var before)
            ? before
            : throw AuditErrors.FieldInvalid("page_token", "must be the next_page_token of the page before, or empty");
}
