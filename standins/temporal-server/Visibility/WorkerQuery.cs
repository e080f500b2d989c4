using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Worker.V1;

namespace Mainstay.TemporalServer.Visibility;

/// <summary>Holds the conditions of a query against what a worker says of itself.</summary>
internal static class WorkerQuery
{
    private static readonly Dictionary<string, Func<WorkerHeartbeat, string?>> Texts = new()
    {
        ["WorkerInstanceKey"] = worker => worker.WorkerInstanceKey,
        ["WorkerIdentity"] = worker => worker.WorkerIdentity,
        ["HostName"] = worker => worker.HostInfo?.HostName,
        ["TaskQueue"] = worker => worker.TaskQueue,
        ["DeploymentName"] = worker => worker.DeploymentVersion?.DeploymentName,
        ["BuildId"] = worker => worker.DeploymentVersion?.BuildId,
        ["SdkName"] = worker => worker.SdkName,
        ["SdkVersion"] = worker => worker.SdkVersion,
        ["Status"] = worker => worker.Status.ToString(),
        ["WorkerStatus"] = worker => worker.Status.ToString(),
    };

    private static readonly Dictionary<string, Func<WorkerHeartbeat, Timestamp?>> Times = new()
    {
        ["StartTime"] = worker => worker.StartTime,
        ["HeartbeatTime"] = worker => worker.HeartbeatTime,
    };

    /// <summary>Reads a query once, for many workers; throws <see cref="QueryException"/> for one that makes no sense, even where there are no workers.</summary>
    public static Func<WorkerHeartbeat, bool> Parse(string query)
    {
        var parsed = QueryParser.Parse(query);
        return parsed.GroupBy is not null ? throw QueryException.Unsupported("'GROUP BY' clause") : parsed.Where is null ? _ => true : Read(parsed.Where);
    }

    private static Func<WorkerHeartbeat, bool> Read(Condition condition)
    {
        switch (condition)
        {
            case Condition.And both:
                var (first, second) = (Read(both.Left), Read(both.Right));
                return worker => first(worker) && second(worker);
            case Condition.Or either:
                var (one, other) = (Read(either.Left), Read(either.Right));
                return worker => one(worker) || other(worker);
            case Condition.Not not:
                var inner = Read(not.Inner);
                return worker => !inner(worker);
            case Condition.Compare compare:
                var comparison = Comparison(compare.Name, compare.Value);
                return worker => comparison(worker) is { } order && Holds(order, compare.Operator);
            case Condition.In among:
                var equal = among.Values.Select(value => Comparison(among.Name, value)).ToList();
                return worker => equal.Exists(compare => compare(worker) == 0) != among.Negated;
            case Condition.Between between:
                var (low, high) = (Comparison(between.Name, between.Low), Comparison(between.Name, between.High));
                return worker => (low(worker) >= 0 && high(worker) <= 0) != between.Negated;
            case Condition.StartsWith start:
                var text = Text(start.Name);
                return worker => (text(worker) ?? "").StartsWith(start.Value.Text, StringComparison.Ordinal) != start.Negated;
            case Condition.IsNull empty:
                var isEmpty = Empty(empty.Name);
                return worker => isEmpty(worker) != empty.Negated;
            default:
                throw QueryException.Unsupported(condition.GetType().Name);
        }
    }

    // Nothing where the worker does not say.
    private static Func<WorkerHeartbeat, int?> Comparison(string name, Token value)
    {
        if (!Times.TryGetValue(name, out var time))
        {
            var text = Text(name);
            return worker => string.CompareOrdinal(text(worker) ?? "", value.Text);
        }

        return DateTimeOffset.TryParse(value.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? worker => WireTimes.IsValid(time(worker)) ? time(worker)?.ToDateTimeOffset().CompareTo(at) : null
            : throw QueryException.Expression($"unable to parse datetime '{value.Text}'");
    }

    private static bool Holds(int order, string comparison) => comparison switch
    {
        "=" => order == 0,
        "!=" or "<>" => order != 0,
        ">" => order > 0,
        ">=" => order >= 0,
        "<" => order < 0,
        _ => order <= 0,
    };

    private static Func<WorkerHeartbeat, bool> Empty(string name)
    {
        if (Times.TryGetValue(name, out var time))
        {
            return worker => time(worker) is null;
        }

        var text = Text(name);
        return worker => string.IsNullOrEmpty(text(worker));
    }

    private static Func<WorkerHeartbeat, string?> Text(string name) =>
        Texts.GetValueOrDefault(name) ?? throw QueryException.Expression($"column name '{name}' is not one of {string.Join(", ", Texts.Keys.Concat(Times.Keys))}");
}
