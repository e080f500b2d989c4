namespace Temporalio.Activities;

/// <summary>Marks a method as an activity.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class ActivityAttribute : Attribute
{
    public ActivityAttribute()
    {
    }

    public ActivityAttribute(string name) => Name = name;

    /// <summary>The activity type; by default the method's name without <c>Async</c>.</summary>
    public string? Name { get; }

    /// <summary>Whether the method takes every activity type that has no method of its own.</summary>
    public bool Dynamic { get; set; }
}
