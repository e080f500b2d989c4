using Temporalio.Worker.Interceptors;

namespace Temporalio.Workflows;

/// <summary>What the next run takes over; what is not set stays as it is.</summary>
public class ContinueAsNewOptions : ICloneable
{
    public string? TaskQueue { get; set; }

    public TimeSpan? RunTimeout { get; set; }

    public TimeSpan? TaskTimeout { get; set; }

    /// <summary>How long the next run waits before its first task; not at all by default.</summary>
    public TimeSpan? BackoffStartInterval { get; set; }

    public RetryPolicy? RetryPolicy { get; set; }

    public IReadOnlyDictionary<string, object>? Memo { get; set; }

    public SearchAttributeCollection? TypedSearchAttributes { get; set; }

    public virtual object Clone() => MemberwiseClone();
}

/// <summary>Thrown by a workflow that goes on in a new run.</summary>
public class ContinueAsNewException : TemporalException
{
    internal ContinueAsNewException(CreateContinueAsNewExceptionInput input)
        : base("Continue as new") => Input = input;

    internal CreateContinueAsNewExceptionInput Input { get; }
}
