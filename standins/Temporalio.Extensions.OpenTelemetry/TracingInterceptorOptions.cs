using OpenTelemetry.Context.Propagation;

namespace Temporalio.Extensions.OpenTelemetry;

/// <summary>Where the trace context travels, and how tags are named.</summary>
public class TracingInterceptorOptions : ICloneable
{
    /// <summary>The Temporal header that carries the context.</summary>
    public string HeaderKey { get; set; } = "_tracer-data";

    public TextMapPropagator Propagator { get; set; } = Propagators.DefaultTextMapPropagator;

    public string? TagNameWorkflowId { get; set; } = "temporalWorkflowID";

    public string? TagNameRunId { get; set; } = "temporalRunID";

    public string? TagNameActivityId { get; set; } = "temporalActivityID";

    public string? TagNameUpdateId { get; set; } = "temporalUpdateID";

    public virtual object Clone() => MemberwiseClone();
}
