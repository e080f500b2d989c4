using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Mirror;

/// <summary>What a client of the scenario saw, held to the facts of the golden file.</summary>
internal sealed partial class Scenario
{
    private static readonly JsonFormatter Formatter = new(new(false, TypeRegistry.FromFiles(Api.ErrorDetails.V1.MessageReflection.Descriptor)));

    private JsonNode Golden => golden ??= JsonNode.Parse(File.ReadAllText(Path.Combine(Goldens, $"{name}.json")))!;

    /// <summary>Compares a value with the fact of that name.</summary>
    public void Fact(string fact, object? value)
    {
        var expected = Golden["facts"]!.AsArray().Single(f => f!["name"]!.GetValue<string>() == fact)!["value"];
        (expected as JsonObject)?.Remove("grpcMessage");
        var actual = value is IMessage message ? Json(message) : JsonSerializer.SerializeToNode(value);
        Assert.Equal(
            $"{fact}: {Sorted(new Normaliser("UID", Dropped).Value(expected))}",
            $"{fact}: {Sorted(new Normaliser(uid, Dropped).Value(actual))}");
    }

    /// <summary>A message as JSON.</summary>
    public static JsonNode Json(IMessage message) => JsonNode.Parse(Formatter.Format(message))!;

    /// <summary>The types of events as the facts name them.</summary>
    public static IEnumerable<string> Types(IEnumerable<Api.History.V1.HistoryEvent> events) => events.Select(e => Json(e)["eventType"]!.GetValue<string>());

    /// <summary>Compares how a call ends with the fact of that name: done, or refused with this code and these details.</summary>
    public Task CallAsync(string fact, Func<Task> call) => CallAsync(
        fact,
        async () =>
        {
            await call();
            return true;
        },
        done => done);

    /// <summary>Compares what a call gives with the fact of that name.</summary>
    public async Task CallAsync<T>(string fact, Func<Task<T>> call, Func<T, object?> pick)
    {
        object? value;
        try
        {
            var result = pick(await call());
            value = new { ok = result is IMessage message ? Json(message) : result };
        }
        catch (RpcException e)
        {
            value = new { grpcCode = Words().Replace(e.Code.ToString(), "_$1").TrimStart('_').ToUpperInvariant(), details = Details(e) };
        }

        Fact(fact, value);
    }

    private static JsonArray? Details(RpcException e) => e.RawStatus is null ? null : new(
    [
        .. Google.Rpc.Status.Parser.ParseFrom(e.RawStatus).Details.Select(detail =>
        {
            var value = Json(detail).AsObject();
            value.Remove("@type");
            return new JsonObject { ["type"] = Google.Protobuf.WellKnownTypes.Any.GetTypeName(detail.TypeUrl), ["value"] = value };
        }),
    ]);

    [GeneratedRegex("([A-Z])")]
    private static partial Regex Words();
}
