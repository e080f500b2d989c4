using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Mainstay.LocalStack;
using Mainstay.Orchestrator.V1;
using RunTask = Mainstay.Orchestrator.V1.Task;

namespace Mainstay.Demo;

/// <summary>Says on the screen what happens.</summary>
internal static class Narrator
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Chapter(string title, TextWriter? output = null) => (output ?? Console.Out).WriteLine($"{Environment.NewLine}== {title}");

    public static void Loud(TextWriter output, string text) => output.WriteLine($"  >>> {text}");

    /// <summary>One event as it comes; of a streamed answer's pieces only the first.</summary>
    public static void Event(TextWriter output, TaskEvent taskEvent)
    {
        if (taskEvent.Type != "llm_call.chunk" || taskEvent.Data.Fields["index"].NumberValue == 0)
        {
            output.WriteLine($"  {taskEvent.Sequence,4}  {taskEvent.Type,-25}{Detail(taskEvent)}".TrimEnd());
        }
    }

    public static void Report(RunTask task, IReadOnlyList<TaskEvent> events, IReadOnlyList<AuditEntry> trail, Workspace workspace)
    {
        Chapter("The result");
        Console.WriteLine(task.Result is null ? $"  none: {task.FailureMessage}" : JsonNode.Parse(JsonFormatter.Default.Format(task.Result))!.ToJsonString(Indented));
        Console.WriteLine();
        Console.WriteLine($"  status              {task.Status}");
        Console.WriteLine($"  termination reason  {task.TerminationReason}");
        Console.WriteLine($"  model calls         {task.Iteration}");
        Console.WriteLine($"  tokens              {task.InputTokens} in, {task.OutputTokens} out");
        Console.WriteLine($"  cost                {task.CostMicroUsd / 1_000_000m:0.000000} USD");
        Console.WriteLine($"  report              {workspace.Report}");
        Console.WriteLine($"  trace               {task.TraceId}");

        Chapter("The timeline");
        var start = events[0].EventTime.ToDateTimeOffset();
        foreach (var taskEvent in events.Where(taskEvent => taskEvent.Type != "llm_call.chunk"))
        {
            Console.WriteLine($"  +{(taskEvent.EventTime.ToDateTimeOffset() - start).TotalSeconds,7:0.000} s  {taskEvent.Type,-25}{Detail(taskEvent)}".TrimEnd());
        }

        Chapter("The audit trail, as the webhook sink received it");
        foreach (var entry in trail)
        {
            var rule = entry.Rule.Length > 0 ? $"  rule {entry.Rule} ({entry.Level})" : "";
            Console.WriteLine($"  #{entry.Sequence,-4} {entry.Timestamp:HH:mm:ss.fff}  {entry.Service,-13} {entry.Action,-16} {entry.Result,-14} {entry.Facts.GetValueOrDefault("resource")}{rule}");
        }
    }

    public static void Findings(IReadOnlyList<Finding> findings)
    {
        Chapter("What this showed");
        foreach (var finding in findings)
        {
            Console.WriteLine($"  {(finding.Holds ? "yes" : "NO "),-4} {finding.Claim} ({finding.Evidence})");
        }
    }

    public static void LookFurther(Endpoints endpoints, string taskId, bool keep)
    {
        Chapter("To look further");
        foreach (var line in FurtherCommands.For(endpoints, taskId, keep))
        {
            Console.WriteLine($"  {line}");
        }
    }

    private static string Detail(TaskEvent taskEvent)
    {
        var facts = taskEvent.Data.Fields;
        string Text(string name) => facts.TryGetValue(name, out var value) ? value.KindCase == Google.Protobuf.WellKnownTypes.Value.KindOneofCase.NumberValue ? $"{value.NumberValue}" : value.StringValue : "";
        return taskEvent.Type switch
        {
            "workflow.started" => $"agent {Text("agent_id")}, model {Text("model")}, {Text("tools")} tools",
            "iteration.started" => Text("iteration"),
            "llm_call.started" => Text("attempt") is "1" ? "" : $"attempt {Text("attempt")}",
            "llm_call.chunk" => $"{Text("text")}…",
            "llm_call.completed" => $"{Text("input_tokens")} tokens in, {Text("output_tokens")} out{(facts["replayed"].BoolValue ? "; the stored answer, billed once" : "")}",
            "llm_call.failed" => Text("message"),
            "tool_call.denied" => $"{Text("connector")}.{Text("tool_name")}: {Text("rule")}: {Text("reason")}",
            "human_approval.requested" => $"{Text("connector")}.{Text("tool_name")}: {Text("reason")}",
            "human_approval.received" => $"{Text("decision")} by {Text("decider")}",
            "workflow.completed" or "workflow.failed" or "workflow.stopped" => Text("termination_reason"),
            _ when facts.ContainsKey("tool_name") => $"{Text("connector")}.{Text("tool_name")}",
            _ => "",
        };
    }
}
