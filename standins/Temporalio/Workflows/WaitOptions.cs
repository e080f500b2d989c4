namespace Temporalio.Workflows;

/// <summary>Options of a timer.</summary>
public class DelayOptions : ICloneable
{
    public DelayOptions()
        : this(TimeSpan.Zero)
    {
    }

    public DelayOptions(int millisecondsDelay, string? summary = null, CancellationToken? cancellationToken = null)
        : this(TimeSpan.FromMilliseconds(millisecondsDelay), summary, cancellationToken)
    {
    }

    public DelayOptions(TimeSpan delay, string? summary = null, CancellationToken? cancellationToken = null)
    {
        Delay = delay;
        Summary = summary;
        CancellationToken = cancellationToken;
    }

    public TimeSpan Delay { get; set; }

    public string? Summary { get; set; }

    public CancellationToken? CancellationToken { get; set; }

    public virtual object Clone() => MemberwiseClone();
}

/// <summary>Options of waiting for a condition.</summary>
public class WaitConditionOptions : ICloneable
{
    public WaitConditionOptions()
        : this(static () => throw new InvalidOperationException("Condition not set"))
    {
    }

    public WaitConditionOptions(Func<bool> conditionCheck, TimeSpan? timeout = null, string? timeoutSummary = null, CancellationToken? cancellationToken = null)
    {
        ConditionCheck = conditionCheck;
        Timeout = timeout;
        TimeoutSummary = timeoutSummary;
        CancellationToken = cancellationToken;
    }

    public Func<bool> ConditionCheck { get; set; }

    public TimeSpan? Timeout { get; set; }

    public string? TimeoutSummary { get; set; }

    public CancellationToken? CancellationToken { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
