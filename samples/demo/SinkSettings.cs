namespace Mainstay.Demo;

/// <summary>The configuration that makes the audit service deliver to a receiver.</summary>
internal static class SinkSettings
{
    public static Dictionary<string, string> For(string url) => new()
    {
        ["audit:sinks:0:name"] = "demo",
        ["audit:sinks:0:type"] = "webhook",
        ["audit:sinks:0:url"] = url,
        ["audit:sinks:0:first_backoff"] = "200ms",
    };

    /// <summary>The secret, which must not stand on a command line.</summary>
    public static Dictionary<string, string> Secret(string secret) => new() { ["MAINSTAY__AUDIT__SINKS__0__SECRET"] = secret };
}
