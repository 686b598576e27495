#pragma once
/// Qt for subcommands: figures and the window without a display.

#include <QApplication>

#include <memory>

namespace attn::app {

/// A QApplication on Qt's offscreen platform, whatever display there is: the same picture on every machine.
class OffscreenQt {
public:
    OffscreenQt();

private:
    // QApplication keeps references to both.
    int m_argc = 1;
    char m_name[14] = "attention-lab";
    char* m_argv[2] = {m_name, nullptr};
    std::unique_ptr<QApplication> m_application;
};

/// Names that settings and the desktop know the program by; before or after the application object.
void nameProgram();

}  // namespace attn::app
