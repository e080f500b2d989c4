namespace Temporalio.Client;

/// <summary>Parts that many requests share.</summary>
internal static class Requests
{
    public static RpcOptions Retried(RpcOptions? options)
    {
        var copy = (RpcOptions?)options?.Clone() ?? new();
        copy.Retry ??= true;
        return copy;
    }

    public static Api.Common.V1.WorkflowExecution Execution(string id, string? runId) => new() { WorkflowId = id, RunId = runId ?? string.Empty };

    public static async Task<Payloads?> PayloadsAsync(DataConverter converter, IReadOnlyCollection<object?> values) =>
        values.Count == 0 ? null : new Payloads { Payloads_ = { await converter.ToPayloadsAsync(values).ConfigureAwait(false) } };

    public static Api.Common.V1.Header? Header(IDictionary<string, Payload>? headers)
    {
        if (headers is null)
        {
            return null;
        }

        var header = new Api.Common.V1.Header();
        header.Fields.Add(headers);
        return header;
    }

    public static async Task<Api.Common.V1.Memo?> MemoAsync(DataConverter converter, IReadOnlyDictionary<string, object>? memo)
    {
        if (memo is null)
        {
            return null;
        }

        var proto = new Api.Common.V1.Memo();
        foreach (var (key, value) in memo)
        {
            proto.Fields.Add(key, await converter.ToPayloadAsync(value).ConfigureAwait(false));
        }

        return proto;
    }
}
