namespace Temporalio.Converters;

/// <summary>Chooses the failure type of an exception.</summary>
internal static class FailureWriter
{
    public static Failure Describe(Exception exception, IPayloadConverter converter) => exception switch
    {
        ApplicationFailureException application => new()
        {
            Source = "dotnet",
            ApplicationFailureInfo = new()
            {
                Type = application.ErrorType ?? string.Empty,
                NonRetryable = application.NonRetryable,
                Details = Details(application.Details, converter),
                NextRetryDelay = application.NextRetryDelay is { } delay ? Duration.FromTimeSpan(delay) : null,
                Category = application.Category,
            },
        },
        CanceledFailureException cancelled => new() { Source = "dotnet", CanceledFailureInfo = new() { Details = Details(cancelled.Details, converter) } },
        WorkflowAlreadyStartedException => new() { Source = "dotnet", ApplicationFailureInfo = new() { Type = nameof(WorkflowAlreadyStartedException) } },
        _ => new() { Source = "dotnet", ApplicationFailureInfo = new() { Type = exception.GetType().Name } },
    };

    private static Payloads? Details(IFailureDetails details, IPayloadConverter converter)
    {
        var payloads = details switch
        {
            InboundFailureDetails inbound => inbound.Payloads,
            OutboundFailureDetails { Details: { } values } => converter.ToPayloads(values),
            _ => null,
        };
        return payloads is { Count: > 0 } ? new Payloads { Payloads_ = { payloads } } : null;
    }
}
