using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Mainstay.ServiceDefaults.Telemetry;

/// <summary>
/// Takes the given share of the traces that begin here; a trace that begins with a call outwards is not one: that is a loop which
/// looks whether there is work, as the outbox's relay does.
/// </summary>
internal sealed class RequestSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler share = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Kind == ActivityKind.Client ? new SamplingResult(SamplingDecision.Drop) : share.ShouldSample(samplingParameters);
}
