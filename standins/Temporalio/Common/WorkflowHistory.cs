namespace Temporalio.Common;

/// <summary>The events of one workflow run.</summary>
public record WorkflowHistory(string Id, IReadOnlyCollection<HistoryEvent> Events)
{
    /// <summary>Reads a history written as protobuf JSON, by this class or by Temporal's own tools.</summary>
    public static WorkflowHistory FromJson(string workflowId, string json)
    {
        var parser = new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
        return new(workflowId, parser.Parse<Api.History.V1.History>(WorkflowHistoryJson.Normalize(json)).Events);
    }

    /// <summary>Writes protobuf JSON.</summary>
    public string ToJson()
    {
        var history = new Api.History.V1.History();
        history.Events.AddRange(Events);
        return JsonFormatter.Default.Format(history);
    }

    /// <summary>Writes protobuf JSON.</summary>
    public void ToJson(TextWriter writer) => writer.Write(ToJson());
}
