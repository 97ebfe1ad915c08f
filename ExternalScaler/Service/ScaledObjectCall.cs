using Keda.Inference.ExternalScaler.Protos;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Service;

/// <summary>What every RPC is about, checked.</summary>
internal readonly record struct ScaledObjectCall(ScaledObjectKey Key, TriggerSettings Settings)
{
    /// <exception cref="TriggerException">Something is wrong with it.</exception>
    public static ScaledObjectCall Of(ScaledObjectRef? reference, TriggerCache triggers)
    {
        if (reference is null)
            throw new TriggerException(["scaledObjectRef is missing."]);
        var errors = new List<string>(0);
        Check(reference.Name, "name", "a ScaledObject");
        Check(reference.Namespace, "namespace", "a namespace");
        try
        {
            var settings = triggers.Of(reference.Namespace, reference.Name, reference.ScalerMetadata);
            if (errors.Count == 0)
                return new ScaledObjectCall(new ScaledObjectKey(reference.Namespace, reference.Name, settings.Queue), settings);
        }
        catch (TriggerException error)
        {
            errors.AddRange(error.Errors);
        }
        throw new TriggerException(errors);

        void Check(string value, string field, string what)
        {
            if (!TriggerParser.IsObjectName(value))
                errors.Add($"scaledObjectRef.{field} is '{MetadataReader.Shorten(value)}'; the name of {what} is needed.");
        }
    }
}
