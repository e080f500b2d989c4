using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>The regular expressions of schemas, which come from callers and must not stop the service.</summary>
internal static class SchemaPattern
{
    private const int CacheSize = 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);
    private static readonly ConcurrentDictionary<string, Regex> Cache = new(StringComparer.Ordinal);

    /// <summary>Whether a text holds a match; a pattern that takes too long does not match.</summary>
    public static bool IsMatch(string pattern, string text)
    {
        try
        {
            return Get(pattern).IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>Whether a pattern can be used.</summary>
    public static bool IsValid(string pattern)
    {
        try
        {
            Get(pattern);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static Regex Get(string pattern)
    {
        if (Cache.Count > CacheSize)
        {
            Cache.Clear();
        }

        return Cache.GetOrAdd(pattern, Compile);
    }

    private static Regex Compile(string pattern)
    {
        var translated = EcmaPattern.Translate(pattern);
        try
        {
            return new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Timeout);
        }
        catch (NotSupportedException)
        {
            // Look-around and back references need backtracking, which the timeout bounds.
            return new Regex(translated, RegexOptions.CultureInvariant, Timeout);
        }
    }
}
