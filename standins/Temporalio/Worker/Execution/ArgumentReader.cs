namespace Temporalio.Worker.Execution;

/// <summary>Turns payloads into the arguments of a method.</summary>
internal static class ArgumentReader
{
    /// <summary>Surplus payloads are dropped, missing ones taken from default values.</summary>
    public static object?[] Read(IPayloadConverter converter, MethodInfo method, IReadOnlyList<Payload> payloads)
    {
        var parameters = method.GetParameters();
        return [.. parameters.Select((parameter, index) =>
            index < payloads.Count
                ? converter.ToValue(payloads[index], parameter.ParameterType)
                : parameter.HasDefaultValue
                    ? parameter.DefaultValue
                    : throw new InvalidOperationException($"{method.Name} got {payloads.Count} argument(s), but takes {parameters.Length}"))];
    }

    public static IRawValue[] Raw(IReadOnlyList<Payload>? payloads) => [.. (payloads ?? []).Select(payload => new RawValue(payload))];
}
