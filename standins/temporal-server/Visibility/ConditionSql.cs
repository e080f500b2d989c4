using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Visibility;

/// <summary>Turns conditions into parametrised SQL on a table with these columns beside its <c>search_attributes</c>.</summary>
internal sealed class ConditionSql(
    Func<string, IndexedValueType?> typeOf, List<NpgsqlParameter> parameters, IReadOnlyDictionary<string, (string Sql, IndexedValueType Type)> columns)
{
    // A value that cannot be compared with the attribute matches nothing.
    private const string Never = "false";

    /// <summary>The SQL of a condition; its values are added to the parameters.</summary>
    public string Write(Condition condition) => condition switch
    {
        Condition.And and => $"({Write(and.Left)} and {Write(and.Right)})",
        Condition.Or or => $"({Write(or.Left)} or {Write(or.Right)})",
        Condition.Not not => $"(not {Write(not.Inner)})",
        Condition.IsNull isNull => $"({Column(isNull.Name).Sql} is {(isNull.Negated ? "not null" : "null")})",
        Condition.Compare compare => Compare(compare.Name, compare.Operator == "<>" ? "!=" : compare.Operator, compare.Value),
        Condition.In isIn => In(isIn),
        Condition.Between between => Between(between),
        Condition.StartsWith starts => StartsWith(starts),
        _ => throw QueryException.Unsupported(condition.GetType().Name),
    };

    private string In(Condition.In condition)
    {
        var any = string.Join(" or ", condition.Values.Select(v => Compare(condition.Name, "=", v)));
        return condition.Negated ? $"(not ({any}))" : $"({any})";
    }

    private string Between(Condition.Between condition)
    {
        var within = $"({Compare(condition.Name, ">=", condition.Low)} and {Compare(condition.Name, "<=", condition.High)})";
        return condition.Negated ? $"(not {within})" : within;
    }

    private string StartsWith(Condition.StartsWith condition)
    {
        var (sql, type) = Column(condition.Name);
        if (type != IndexedValueType.Keyword || condition.Name == "ExecutionStatus")
        {
            throw QueryException.Expression($"operator 'starts_with' not supported for {type} type search attribute");
        }

        var starts = $"starts_with({sql}, {Parameter(condition.Value.Text, NpgsqlDbType.Text)})";
        return condition.Negated ? $"(not {starts})" : starts;
    }

    private string Compare(string name, string comparison, Token value)
    {
        var (sql, type) = Column(name);
        if (name == "ExecutionStatus")
        {
            return $"status {comparison} {Parameter((int)Status(value), NpgsqlDbType.Integer)}";
        }

        switch (type)
        {
            case IndexedValueType.Text:
                Require(comparison is "=" or "!=", comparison, type);
                var matches = $"to_tsvector('simple', {sql}) @@ to_tsquery('simple', {Parameter(AnyWord(value.Text), NpgsqlDbType.Text)})";
                return comparison == "=" ? matches : $"(not {matches})";
            case IndexedValueType.KeywordList:
                Require(comparison is "=" or "!=", comparison, type);
                var contains = $"{sql} ? {Parameter(value.Text, NpgsqlDbType.Text)}";
                return comparison == "=" ? $"({contains})" : $"(not ({contains}))";
            case IndexedValueType.Bool:
                Require(comparison is "=" or "!=", comparison, type);
                return bool.TryParse(value.Text, out var yes) ? $"({sql} {comparison} {Parameter(yes, NpgsqlDbType.Boolean)})" : Never;
            case IndexedValueType.Datetime:
                return $"({sql} {comparison} {Parameter(Time(value), NpgsqlDbType.TimestampTz)})";
            case IndexedValueType.Int or IndexedValueType.Double when name == "ExecutionDuration" && Duration(value.Text) is { } nanoseconds:
                return $"({sql} {comparison} {Parameter(nanoseconds, NpgsqlDbType.Numeric)})";
            case IndexedValueType.Int or IndexedValueType.Double:
                return decimal.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? $"({sql} {comparison} {Parameter(number, NpgsqlDbType.Numeric)})" : Never;
            default:
                return $"({sql} {comparison} {Parameter(value.Text, NpgsqlDbType.Text)})";
        }
    }

    private (string Sql, IndexedValueType Type) Column(string name)
    {
        if (columns.TryGetValue(name, out var column))
        {
            return column;
        }

        var type = typeOf(name) ?? throw QueryException.Expression($"column name '{name}' is not a valid search attribute");
        return (Custom(name, type), type);
    }

    // The name comes from the catalog, but is anybody's choice.
    private static string Custom(string name, IndexedValueType type)
    {
        var literal = $"'{name.Replace("'", "''", StringComparison.Ordinal)}'";
        return type switch
        {
            IndexedValueType.Int or IndexedValueType.Double => $"(search_attributes ->> {literal})::numeric",
            IndexedValueType.Bool => $"(search_attributes ->> {literal})::boolean",
            IndexedValueType.Datetime => $"(search_attributes ->> {literal})::timestamptz",
            IndexedValueType.KeywordList => $"(search_attributes -> {literal})",
            _ => $"(search_attributes ->> {literal})",
        };
    }

    private static WorkflowExecutionStatus Status(Token value) =>
        Enum.TryParse<WorkflowExecutionStatus>(value.Text == "Cancelled" ? "Canceled" : value.Text, out var status) && Enum.IsDefined(status) && status != WorkflowExecutionStatus.Unspecified
            ? status
            : throw QueryException.Expression($"invalid ExecutionStatus value '{value.Text}'");

    private static DateTime Time(Token value) =>
        value.Kind == TokenKind.Number && long.TryParse(value.Text, CultureInfo.InvariantCulture, out var nanoseconds) ? DateTime.UnixEpoch.AddTicks(nanoseconds / 100)
        : DateTimeOffset.TryParse(value.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime
        : throw QueryException.Expression($"unable to parse datetime '{value.Text}'");

    private static decimal? Duration(string text) =>
        Durations.TryParse(text, out var duration) ? duration.Ticks * 100m
        : TimeSpan.TryParseExact(text, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out var clock) ? clock.Ticks * 100m : null;

    private static string AnyWord(string text) =>
        string.Join(" | ", text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w => $"'{w.Replace("'", "''", StringComparison.Ordinal).Replace("\\", "\\\\", StringComparison.Ordinal)}'"));

    private static void Require(bool holds, string comparison, IndexedValueType type)
    {
        if (!holds)
        {
            throw QueryException.Expression($"operator '{comparison}' not supported for {type} type search attribute");
        }
    }

    private string Parameter(object value, NpgsqlDbType type)
    {
        parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return $"${parameters.Count}";
    }
}
