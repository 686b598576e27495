#include <QApplication>
#include <gtest/gtest.h>

int main(int argc, char** argv) {
    // gtest_discover_tests runs this binary at build time: there may be no display.
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    testing::InitGoogleTest(&argc, argv);
    const QApplication application(argc, argv);
    return RUN_ALL_TESTS();
}
