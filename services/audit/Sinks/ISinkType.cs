namespace Mainstay.Audit.Sinks;

/// <summary>A kind of sink: one folder here, one word in the list of capabilities.</summary>
internal interface ISinkType
{
    /// <summary>The <c>type</c> in the configuration.</summary>
    string Type { get; }

    /// <summary>The keys that a sink of this type has beside those that every sink has.</summary>
    IReadOnlyList<string> Keys { get; }

    /// <summary>How long a failed delivery waits, unless the configuration says otherwise.</summary>
    Retries Retries => Retries.Doubling(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    /// <summary>Checks a sink's settings and says how it is made.</summary>
    Func<TimeProvider, IAuditSink> Prepare(SinkSettings settings);
}
