using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Mainstay.ServiceDefaults.Schemas;

/// <summary>The regular expressions of schemas, which come from callers and must not stop the service.</summary>
public static class SchemaPattern
{
    private const int CacheSize = 1024;

    // Far more than a match of an honest pattern takes, also on a machine that lets this thread wait: a match given up is a value wrongly refused.
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(2);

    private static readonly ConcurrentDictionary<string, Regex> Cache = new(StringComparer.Ordinal);

    /// <summary>Whether a text holds a match; one with look-around or back references does not match when it takes longer than 2 s.</summary>
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
            // Takes time in proportion to the text, and so needs no limit.
            return new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            // Look-around and back references need backtracking, which can take for ever.
            return new Regex(translated, RegexOptions.CultureInvariant, LongestMatch);
        }
    }
}
